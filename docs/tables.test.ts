// What the tables of the pages say of windows, triggers and aggregates is what these are. The code in their first column runs.
import { beforeAll, expect, test } from 'vitest'
import * as aggregates from '../lib/aggregates/index.ts'
import * as triggers from '../lib/triggers/index.ts'
import { listOf } from './fixtures/drawing.ts'
import { Sandbox } from './fixtures/sandbox.ts'
import { type Row, tablesOf } from './fixtures/tables.ts'

const [choices = []] = tablesOf('docs/windows.md')
const [simple = [], composed = []] = tablesOf('docs/triggers.md')
const [, abilities = []] = tablesOf('docs/accumulation.md')

const codeOf = (cell = ''): readonly string[] => [...cell.matchAll(/`(.+?)`/g)].map(([, code = '']) => code)
const triggersOf = (rows: readonly Row[]): readonly string[] => rows.flatMap(({ trigger }) => codeOf(trigger))
const windows = choices.flatMap(({ windows: cell }) => codeOf(cell)).filter((code) => code !== 'WindowAssigner')
const all = [
  ...windows,
  ...triggersOf([...simple, ...composed]),
  ...abilities.flatMap(({ aggregate }) => codeOf(aggregate)),
]

/** What is known of a thing that the code in a table makes. */
interface Fact {
  readonly name: string
  readonly fires?: string
  readonly finishes?: string
  readonly merges: boolean
  readonly retracts: boolean
}

const program = `
import { ${listOf(triggers)}, ${listOf(aggregates)} } from 'tidemark'
import { calendar, countWindow, cumulative, globalWindow, hopping, session, sliding, tumbling } from 'tidemark'

const zone = 'Europe/Berlin'
const [a, b, t, until] = [afterCount(1), afterCount(2), afterCount(3), afterCount(4)]
const by = (value: number) => value
const made: Readonly<Record<string, object>> = {
  ${all.map((code) => `${JSON.stringify(code)}: ${code},`).join('\n  ')}
}
const facts = Object.entries(made).map(([code, it]) => [code, { ...it, merges: 'merge' in it, retracts: 'retract' in it }])
process.stdout.write(JSON.stringify(Object.fromEntries(facts)))
`

const sandbox = new Sandbox('tables')
sandbox.add('tables', program)
let facts: Readonly<Record<string, Fact>>

beforeAll(async () => {
  facts = JSON.parse(await sandbox.run('tables')) as typeof facts
})

test('the code in the tables is right', async () => {
  expect(await sandbox.typeCheck()).toEqual([])
})

test('for each kind of windows there is a line', () => {
  expect(windows.map((code) => facts[code]?.name.replace(/\(.*/, ''))).toEqual([
    'tumbling',
    'hopping',
    'cumulative',
    'calendar',
    'session',
    'sliding',
    'countWindow',
    'globalWindow',
  ])
})

test.each(simple)('$trigger', ({ trigger, earliest, finished }) => {
  const [code = ''] = codeOf(trigger)
  expect({ fires: facts[code]?.fires, finishes: facts[code]?.finishes }).toEqual({
    fires: codeOf(earliest)[0],
    finishes: codeOf(finished)[0],
  })
})

test.each(composed)('$trigger finishes: $finished', ({ trigger, finished }) => {
  const [code = ''] = codeOf(trigger)
  expect(facts[code]?.finishes).toBe(finished === 'never' ? 'never' : 'any-time')
})

test('for each trigger there is a line', () => {
  const named = triggersOf([...simple, ...composed]).map((code) => code.replace(/\(.*/, ''))
  expect([...new Set(named)].sort()).toEqual(Object.keys(triggers).sort())
})

test.each(abilities)('$aggregate', ({ aggregate, merges, 'takes back': retracts }) => {
  for (const code of codeOf(aggregate)) {
    expect(facts[code]).toMatchObject({ merges: merges === 'yes', retracts: retracts === 'yes' })
  }
})

test('for each aggregate there is a line', () => {
  const named = abilities.flatMap(({ aggregate }) => codeOf(aggregate)).map((code) => code.replace(/\(.*/, ''))
  expect(named.sort()).toEqual(
    Object.keys(aggregates)
      .filter((name) => name !== 'fold' && name !== 'toAggregate')
      .sort(),
  )
})
