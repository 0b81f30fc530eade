import { expect, test } from 'vitest'
import { CombinedWatermark } from './combined-watermark.ts'

type Call = readonly ['watermark', number, number] | readonly ['idle' | 'active' | 'end', number]

/** What a call changed: the watermark it rose to, then the state it turned to. */
type Change = number | 'idle' | 'active' | 'ended'

interface Case {
  readonly title: string
  readonly inputs: number
  /** Each call and the changes that follow it. */
  readonly steps: readonly (readonly [Call, ...Change[]])[]
}

const cases: readonly Case[] = [
  {
    title: 'a lower watermark has no effect',
    inputs: 1,
    steps: [[['watermark', 0, 26], 26], [['watermark', 0, 19]], [['watermark', 0, 43], 43]],
  },
  { title: 'an equal watermark has no effect', inputs: 1, steps: [[['watermark', 0, 5], 5], [['watermark', 0, 5]]] },
  {
    title: 'inputs start active, and idleness is told once',
    inputs: 1,
    steps: [[['active', 0]], [['idle', 0], 'idle'], [['idle', 0]], [['active', 0], 'active'], [['active', 0]]],
  },
  {
    title: 'nothing is known until every input has a watermark',
    inputs: 3,
    steps: [[['watermark', 0, 1]], [['watermark', 1, 1]], [['watermark', 2, 1], 1]],
  },
  {
    title: 'the minimum rises as soon as it can',
    inputs: 3,
    steps: [
      [['watermark', 0, 1]],
      [['watermark', 1, 1]],
      [['watermark', 2, 1], 1],
      [['watermark', 0, 13]],
      [['watermark', 2, 9]],
      [['watermark', 2, 11]],
      [['watermark', 1, 16], 11],
      [['watermark', 2, 18], 13],
      [['watermark', 0, 21], 16],
    ],
  },
  {
    title: 'inputs that go back move nothing',
    inputs: 3,
    steps: [
      [['watermark', 0, 26]],
      [['watermark', 1, 11]],
      [['watermark', 2, 18], 11],
      [['watermark', 0, 13]],
      [['watermark', 1, 9]],
      [['watermark', 2, 16]],
    ],
  },
  {
    title: 'an idle input no longer holds the others back',
    inputs: 3,
    steps: [
      [['watermark', 0, 16]],
      [['watermark', 1, 11]],
      [['idle', 2], 11],
      [['watermark', 1, 19], 16],
      [['watermark', 0, 21], 19],
    ],
  },
  {
    title: 'an input that is idle from the start does not block',
    inputs: 3,
    steps: [[['idle', 2]], [['watermark', 0, 3]], [['watermark', 1, 6], 3]],
  },
  {
    title: 'a watermark on an idle input is ignored',
    inputs: 2,
    steps: [
      [['watermark', 0, 5]],
      [['idle', 1], 5],
      [['watermark', 1, 3]],
      [['watermark', 1, 100]],
      [['active', 1]],
      [['watermark', 0, 50], 50],
      [['watermark', 1, 60]],
      [['watermark', 0, 70], 60],
    ],
  },
  {
    title: 'the largest watermark is released when the last input turns idle',
    inputs: 3,
    steps: [
      [['watermark', 0, 11]],
      [['watermark', 1, 6]],
      [['watermark', 2, 4], 4],
      [['idle', 0]],
      [['idle', 1]],
      [['idle', 2], 11, 'idle'],
    ],
  },
  {
    title: 'it is released also when the last one had just come back',
    inputs: 2,
    steps: [
      [['watermark', 0, 11]],
      [['watermark', 1, 6], 6],
      [['idle', 0]],
      [['idle', 1], 11, 'idle'],
      [['active', 1], 'active'],
      [['idle', 1], 'idle'],
    ],
  },
  {
    title: 'no watermark comes of inputs that are all behind',
    inputs: 3,
    steps: [
      [['watermark', 0, 11]],
      [['watermark', 1, 8]],
      [['idle', 2], 8],
      [['active', 2]],
      [['idle', 0]],
      [['idle', 1]],
      [['idle', 2], 11, 'idle'],
    ],
  },
  {
    title: 'an input that resumes behind does not count until it has caught up',
    inputs: 2,
    steps: [
      [['watermark', 0, 10]],
      [['idle', 1], 10],
      [['active', 1]],
      [['watermark', 1, 9]],
      [['watermark', 0, 20], 20],
      [['watermark', 1, 19]],
      [['watermark', 1, 20]],
      [['watermark', 0, 30]],
      [['watermark', 1, 25], 25],
    ],
  },
  {
    title: 'an input that resumes where the output is counts at once',
    inputs: 2,
    steps: [
      [['watermark', 0, 10]],
      [['watermark', 1, 10], 10],
      [['idle', 1]],
      [['active', 1]],
      [['watermark', 0, 20]],
      [['watermark', 1, 15], 15],
    ],
  },
  {
    title: 'an input that resumes before any watermark holds the others back',
    inputs: 2,
    steps: [[['idle', 1]], [['active', 1]], [['watermark', 0, 5]], [['watermark', 1, 3], 3]],
  },
  {
    title: 'an ended input holds nothing back, and the end comes with the last',
    inputs: 2,
    steps: [
      [['watermark', 0, 5]],
      [['end', 1], 5],
      [['watermark', 0, 7], 7],
      [['end', 1]],
      [['idle', 1]],
      [['active', 1]],
      [['watermark', 1, 9]],
      [['end', 0], Infinity, 'ended'],
      [['end', 0]],
    ],
  },
  {
    title: 'an end is no reason to declare the end over an input that is merely idle',
    inputs: 2,
    steps: [
      [['watermark', 0, 100]],
      [['watermark', 1, 50], 50],
      [['end', 0]],
      [['idle', 1], 100, 'idle'],
      [['active', 1], 'active'],
      [['watermark', 1, 120], 120],
      [['end', 1], Infinity, 'ended'],
    ],
  },
  {
    title: 'the whole turns idle when the last active input ends, and ends with the last idle one',
    inputs: 2,
    steps: [
      [['watermark', 0, 5]],
      [['watermark', 1, 9], 5],
      [['idle', 1]],
      [['end', 0], 9, 'idle'],
      [['end', 1], Infinity, 'active', 'ended'],
    ],
  },
  {
    title: 'the watermark +Infinity, even of an idle input, counts as its end, which is declared apart',
    inputs: 2,
    steps: [
      [['idle', 0]],
      [['watermark', 0, Infinity]],
      [['active', 0]],
      [['watermark', 1, 5], 5],
      [['watermark', 1, Infinity], Infinity],
      [['watermark', 1, Infinity]],
      [['end', 1]],
      [['end', 0], 'ended'],
    ],
  },
]

test.each(cases)('$title', ({ inputs, steps }) => {
  const combined = new CombinedWatermark(inputs)
  expect(combined).toMatchObject({ time: -Infinity, isIdle: false, hasEnded: false })

  for (const [call, ...expected] of steps) {
    const { time, isIdle, hasEnded } = combined
    const hasChanged = apply(combined, call)
    const changes: Change[] = []
    if (combined.time !== time) changes.push(combined.time)
    if (combined.isIdle !== isIdle) changes.push(combined.isIdle ? 'idle' : 'active')
    if (combined.hasEnded !== hasEnded) changes.push('ended')
    expect({ call, changes, hasChanged }).toEqual({ call, changes: expected, hasChanged: expected.length > 0 })
  }
})

test('says which inputs are idle', () => {
  const combined = new CombinedWatermark(2)
  combined.idle(1)
  expect([combined.isIdleInput(0), combined.isIdleInput(1)]).toEqual([false, true])
  combined.end(1)
  expect(combined.isIdleInput(1)).toBe(false)
})

test.each([0, -1, 1.5, Number.NaN])('refuses %d inputs', (inputs) => {
  expect(() => new CombinedWatermark(inputs)).toThrow(
    `CombinedWatermark: inputs must be a whole number > 0, got ${inputs}`,
  )
})

function apply(combined: CombinedWatermark, [method, input, time = 0]: Call): boolean {
  return method === 'watermark' ? combined.watermark(input, time) : combined[method](input)
}
