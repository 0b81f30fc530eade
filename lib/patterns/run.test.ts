import { expect, test } from 'vitest'
import { Run, RunLine } from './run.ts'
import type { Taken } from './step.ts'

function takenAt(number: number): Taken<string> {
  return { value: 'a', time: number, number, users: 0 }
}

function runsOf(count: number): readonly Run<string, string>[] {
  return Array.from({ length: count }, (_, i) => new Run<string, string>(takenAt(i), 'k', []))
}

/** Takes all out, from the oldest on. */
function drained(line: RunLine<string, string>): readonly number[] {
  const numbers: number[] = []
  for (let { oldest } = line; oldest !== undefined; { oldest } = line) {
    numbers.push(oldest.start.number)
    line.remove(oldest)
  }
  return numbers
}

test.each([
  { out: [], left: [0, 1, 2, 3] },
  { out: [0], left: [1, 2, 3] },
  { out: [3], left: [0, 1, 2] },
  { out: [1, 2], left: [0, 3] },
  { out: [2, 1], left: [0, 3] },
  { out: [3, 2, 1, 0], left: [] },
])('a line without $out', ({ out, left }) => {
  const line = new RunLine<string, string>()
  const runs = runsOf(4)
  for (const run of runs) line.add(run)
  for (const i of out) if (runs[i] !== undefined) line.remove(runs[i])
  const [last] = runsOf(1)
  if (last !== undefined) line.add(last)
  expect(drained(line)).toEqual([...left, 0])
})

test('an event is used once by a run, however many partial matches of it take it', () => {
  const [one, other] = runsOf(2)
  const taken = takenAt(5)
  for (const run of [one, one, other]) run?.use(taken)
  expect(taken.users).toBe(2)
  expect(one?.taken).toEqual([taken])
})
