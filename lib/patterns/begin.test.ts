import { describe, expect, test } from 'vitest'
import { begin } from './begin.ts'
import { compiled } from './compiled-pattern.ts'
import { PatternBuilder } from './builder.ts'

const yes = (text: string): boolean => text !== ''
const a = begin('a', yes)

test('a pattern is a value: what is added makes a new one', () => {
  const both = a.followedBy('b', yes)
  const loop = both.oneOrMore()
  expect(a.within(1).stages).toEqual(['a'])
  expect(both.within('1s')).toMatchObject({ stages: ['a', 'b'], within: 1_000 })
  expect(loop.notFollowedBy('c', yes).within(1).stages).toEqual(['a', 'b'])
  const [, single, looping] = [a, both, loop].map(
    (each) => compiled(each.within(1), 'test').automaton.initial.edges[0]?.to.edges[0]?.to,
  )
  expect(single?.edges).toEqual([])
  expect(looping?.edges).toHaveLength(1)
})

describe('a pattern is refused', () => {
  test.each<[string, () => unknown, string]>([
    ['of a name that is empty', () => begin('', yes), "pattern: expected a name for a stage, got ''"],
    [
      'of a name that comes twice',
      () => a.next('b', yes).followedBy('b' as never, yes),
      "pattern: expected names that differ, got 'b' twice",
    ],
    [
      'of a name that was one of what must not come',
      () => a.notNext('b', yes).followedBy('b', yes),
      "pattern: expected names that differ, got 'b' twice",
    ],
    [
      'that has nothing that must come',
      () => a.optional().next('b', yes).oneOrMore().optional().within(1),
      'pattern: expected a stage that is not optional, got none',
    ],
    [
      'that may come 0 times',
      () => a.times(0, 2).within(1),
      'pattern: expected a stage that is not optional, got none',
    ],
    [
      'that is greedy to no end',
      () => a.oneOrMore().greedy().within(1),
      "pattern: expected a stage behind 'a', which is greedy, got none",
    ],
    [
      'that is greedy in all ways',
      () => a.oneOrMore().greedy().allowCombinations().next('b', yes).within(1),
      "pattern: expected a loop that is greedy or allows combinations, got both for 'a'",
    ],
    [
      'with a loop of none',
      () => a.times(0),
      'pattern: a: times: expected whole numbers of 0 or more, the second not less, got 0 and 0',
    ],
    [
      'with a loop of less than none',
      () => a.timesOrMore(-1),
      'pattern: a: timesOrMore: expected whole numbers of 0 or more, the second not less, got -1 and Infinity',
    ],
    [
      'with a loop of a half',
      () => a.times(1.5, 2),
      'pattern: a: times: expected whole numbers of 0 or more, the second not less, got 1.5 and 2',
    ],
    [
      'with a loop of one and a half',
      () => a.times(1, 1.5),
      'pattern: a: times: expected whole numbers of 0 or more, the second not less, got 1 and 1.5',
    ],
    [
      'with a loop of any number, which is that of timesOrMore',
      () => a.times(1, Infinity),
      'pattern: a: times: expected whole numbers of 0 or more, the second not less, got 1 and Infinity',
    ],
    [
      'with a loop from more to less',
      () => a.times(3, 2),
      'pattern: a: times: expected whole numbers of 0 or more, the second not less, got 3 and 2',
    ],
    ['without any time', () => a.within(0), 'pattern: within must be > 0, got 0'],
  ])('%s', (_, build, message) => {
    expect(build).toThrow(expect.objectContaining({ code: 'invalid-argument', message }))
  })

  test('of a duration that is none', () => {
    expect(() => a.within('soon')).toThrow(expect.objectContaining({ code: 'invalid-duration' }))
  })

  test('of more than 30 stages, because the ways to go on are bits', () => {
    const stages = (count: number): PatternBuilder<string> =>
      Array.from({ length: count }).reduce<PatternBuilder<string>>(
        (builder, _, i) => builder.next(`s${i}`, yes),
        new PatternBuilder<string>([], []),
      )
    expect(stages(30).within(1).stages).toHaveLength(30)
    expect(() => stages(31).within(1)).toThrow('pattern: expected at most 30 stages, got 31')
  })
})
