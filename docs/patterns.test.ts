// What patterns.md says in its tables of quantifiers and of skip strategies comes out so.
import { from } from 'rxjs'
import { expect, test } from 'vitest'
import { begin, event, type LoopStage, type Sequence, type SingleStage, type Skip } from '../index.ts'
import { detect } from '../operators/index.ts'
import { collect } from '../testing/index.ts'
import { tablesOf } from './fixtures/tables.ts'

const [, quantifiers = [], skips = []] = tablesOf('docs/patterns.md')
const is = (letter: string) => (text: string) => text.startsWith(letter)

type Before = Readonly<Record<'c', 'one'>>
type Behind = Sequence<string, Before & Readonly<Record<'a', 'one' | 'maybe' | 'many'>>>

/** What the code in the first column does. */
const quantified: Readonly<Record<string, (stage: SingleStage<string, Before, 'a'>) => unknown>> = {
  'one event': (stage) => stage,
  '.optional()': (stage) => stage.optional(),
  '.oneOrMore()': (stage) => stage.oneOrMore(),
  '.times(2)': (stage) => stage.times(2),
  '.times(2, 3)': (stage) => stage.times(2, 3),
  '.timesOrMore(3)': (stage) => stage.timesOrMore(3),
  '.oneOrMore().optional()': (stage) => stage.oneOrMore().optional(),
  '.oneOrMore().consecutive()': (stage) => stage.oneOrMore().consecutive(),
  '.oneOrMore().allowCombinations()': (stage) => stage.oneOrMore().allowCombinations(),
  '.oneOrMore().greedy()': (stage) => stage.oneOrMore().greedy(),
  '.oneOrMore().optional().greedy()': (stage) => stage.oneOrMore().optional().greedy(),
  ".oneOrMore().until(is('x'))": (stage): LoopStage<string, Before, 'a'> => stage.oneOrMore().until(is('x')),
}

const strategies: Readonly<Record<string, Skip<'a' | 'b'>>> = {
  "'none'": 'none',
  "'to-next'": 'to-next',
  "'past-last'": 'past-last',
  "{ toFirst: 'b' }": { toFirst: 'b' },
  "{ toLast: 'a' }": { toLast: 'a' },
}

function eventsOf(texts: string) {
  return from(texts.split(' ').map((text, i) => event(text, i)))
}

function unquoted(cell = ''): string {
  return cell.replaceAll('`', '')
}

test('the tables have a line for each', () => {
  expect(quantifiers.map((row) => unquoted(row['the stage a']))).toEqual(Object.keys(quantified))
  expect(skips.map(({ skip }) => unquoted(skip))).toEqual(Object.keys(strategies))
})

test.each(Object.entries(quantified))('the stage a, %s', async (name, quantify) => {
  const stage = begin('c', is('c')).followedBy('a', is('a'))
  const pattern = (quantify(stage) as Behind).followedBy('d', is('d')).within(100)
  const found = await collect(eventsOf('c a1 x a2 a3 d').pipe(detect(pattern)))
  const values = found.flatMap((each) => (each.kind === 'event' ? [[each.value.a ?? []].flat().join(' ')] : []))
  const row = quantifiers.find((each) => unquoted(each['the stage a']) === name)
  expect(values.map((value) => (value === '' ? 'nothing' : value)).join(', ')).toBe(
    unquoted(row?.['what it has in each match']),
  )
})

test.each(Object.entries(strategies))('skip: %s', async (name, skip) => {
  const pattern = begin('a', is('a')).oneOrMore().followedByAny('b', is('b')).within(100)
  const found = await collect(eventsOf('a1 a2 a3 b1 b2').pipe(detect(pattern, { skip })))
  const matches = found.flatMap((each) => (each.kind === 'event' ? [[...each.value.a, each.value.b].join(' ')] : []))
  expect(matches.join(', ')).toBe(unquoted(skips.find((row) => unquoted(row['skip']) === name)?.['matches']))
})
