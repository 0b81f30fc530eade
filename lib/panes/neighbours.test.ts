import { describe, expect, test } from 'vitest'
import type { Window } from '../window.ts'
import { session } from '../windows/session.ts'
import { tumbling } from '../windows/tumbling.ts'
import { belongTogether, isMerging, type MergingAssigner } from './merging-assigner.ts'
import { neighboursOf } from './neighbours.ts'

const to = (start: number, end: number): Window => ({ start, end })

const overlapping: MergingAssigner<unknown> = {
  name: 'overlapping',
  assign: () => [],
  merges: (a, b) => b.start < a.end,
}

describe('of the windows [0,10), [10,20) and [30,40) belong together with', () => {
  const sessions = [to(0, 10), to(10, 20), to(30, 40)].map((window) => ({ window }))

  test.each<[Window, number, number, Window]>([
    // None: where it goes.
    [to(-5, 0), 0, 0, to(-5, 0)],
    [to(20, 30), 2, 2, to(20, 30)],
    [to(40, 50), 3, 3, to(40, 50)],
    // One, which may hold it, or be held by it.
    [to(2, 5), 0, 1, to(0, 10)],
    [to(29, 41), 2, 3, to(29, 41)],
    [to(-5, 1), 0, 1, to(-5, 10)],
    [to(39, 49), 2, 3, to(30, 49)],
    [to(10, 20), 1, 2, to(10, 20)],
    // Several.
    [to(9, 11), 0, 2, to(0, 20)],
    [to(19, 31), 1, 3, to(10, 40)],
    [to(5, 35), 0, 3, to(0, 40)],
    [to(-1, 50), 0, 3, to(-1, 50)],
  ])('%o those from %d to %d, which make %o', (window, from, until, span) => {
    expect(neighboursOf(overlapping, sessions, window)).toEqual({ from, until, span })
  })
})

test('a window that is as long as before stays the same object', () => {
  const window = to(0, 10)
  expect(neighboursOf(overlapping, [{ window }], to(3, 5)).span).toBe(window)
  expect(neighboursOf(overlapping, [{ window }], to(0, 10)).span).toBe(window)
})

test('each is asked with all that have merged before', () => {
  const asked: string[] = []
  const shown = ({ start, end }: Window): string => `[${start},${end})`
  const listening: MergingAssigner<unknown> = {
    ...overlapping,
    merges(a, b) {
      asked.push(`${shown(a)} ${shown(b)}`)
      return overlapping.merges(a, b)
    },
  }
  const sessions = [to(-20, -10), to(0, 10), to(12, 20), to(30, 40)].map((window) => ({ window }))
  neighboursOf(listening, sessions, to(9, 13))
  expect(asked).toEqual(['[0,10) [9,13)', '[-20,-10) [0,13)', '[0,13) [12,20)', '[0,20) [30,40)'])
})

test('an assigner is asked of two windows in the order of their starts', () => {
  const merging: MergingAssigner<unknown> = { ...overlapping, merges: (a, b) => a.start === 0 && b.start === 5 }
  expect([belongTogether(merging, to(0, 9), to(5, 9)), belongTogether(merging, to(5, 9), to(0, 9))]).toEqual([
    true,
    true,
  ])
})

test('sessions merge, tumbling windows do not', () => {
  expect([isMerging(session(5)), isMerging(session(() => 5)), isMerging(tumbling(5))]).toEqual([true, true, false])
})
