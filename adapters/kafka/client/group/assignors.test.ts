import { describe, expect, test } from 'vitest'
import type { TopicPartition } from '../../driver.ts'
import { assignEvenly } from './assign-evenly.ts'
import { assignStickily } from './assign-stickily.ts'
import type { Assignor, Claimant } from './claimant.ts'
import { nameOf } from './partitions.ts'

function member(memberId: string, options: Partial<Claimant> = {}): Claimant {
  return { memberId, instanceId: undefined, topics: ['a', 'b'], owned: [], generation: -1, ...options }
}

function of(...names: string[]): TopicPartition[] {
  return names.map((name) => ({ topic: name.slice(0, 1), partition: Number(name.slice(1)) }))
}

function given(assign: Assignor, members: Claimant[], counts: Record<string, number>, keepsTogether: boolean): object {
  const distribution = assign(members, new Map(Object.entries(counts)), keepsTogether)
  return Object.fromEntries(
    [...distribution].map(([id, partitions]) => [id, partitions.map(nameOf).join(' ').replaceAll(':', '')]),
  )
}

describe('evenly', () => {
  test('together: runs of neighbours, the first ones with one more, as range has it', () => {
    const members = [member('z'), member('x'), member('y')]
    expect(given(assignEvenly, members, { a: 5, b: 5 }, true)).toEqual({
      x: 'a0 b0 a1 b1',
      y: 'a2 b2 a3 b3',
      z: 'a4 b4',
    })
  })

  test('apart: in turn', () => {
    expect(given(assignEvenly, [member('x'), member('y')], { a: 3, b: 2 }, false)).toEqual({
      x: 'a0 a2 b1',
      y: 'a1 b0',
    })
  })

  test('topics of unlike counts stay together as far as they go', () => {
    expect(given(assignEvenly, [member('x'), member('y')], { a: 4, b: 2 }, true)).toEqual({
      x: 'a0 b0 a1 b1',
      y: 'a2 a3',
    })
  })

  test('more members than partitions', () => {
    expect(given(assignEvenly, [member('x'), member('y')], { a: 1, b: 1 }, true)).toEqual({ x: 'a0 b0', y: '' })
  })

  test('nothing to give out', () => {
    expect(given(assignEvenly, [member('x')], { a: 0, b: 0 }, true)).toEqual({ x: '' })
  })

  test('static members are in the order of their instance ids, whatever their member ids are', () => {
    const members = [member('x', { instanceId: '2' }), member('y', { instanceId: '1' })]
    expect(given(assignEvenly, members, { a: 2, b: 2 }, true)).toEqual({ x: 'a1 b1', y: 'a0 b0' })
  })

  test('a topic goes to those who read it', () => {
    const members = [member('x'), member('y', { topics: ['b', 'c'] })]
    expect(given(assignEvenly, members, { a: 1, b: 2, c: 1 }, true)).toEqual({ x: 'a0 b0', y: 'b1 c0' })
  })
})

describe('stickily', () => {
  test('what moves is given to nobody as long as somebody has it', () => {
    const owner = member('x', { owned: of('a0', 'b0', 'a1', 'b1'), generation: 3 })
    expect(given(assignStickily, [owner, member('y')], { a: 2, b: 2 }, true)).toEqual({ x: 'a0 b0', y: '' })
  })

  test('what nobody has is given at once', () => {
    const owner = member('x', { owned: of('a0', 'b0'), generation: 3 })
    expect(given(assignStickily, [owner, member('y')], { a: 2, b: 2 }, true)).toEqual({ x: 'a0 b0', y: 'a1 b1' })
  })

  test('of two with a claim of one generation neither keeps it', () => {
    const [x, y] = ['x', 'y'].map((id) => member(id, { owned: of('a0'), generation: 3 }))
    expect(
      given(
        assignStickily,
        [x, y].flatMap((one) => one ?? []),
        { a: 2, b: 0 },
        false,
      ),
    ).toEqual({ x: '', y: 'a1' })
  })

  test('a claim of an older generation keeps nothing, but holds it back until it has been given up', () => {
    const [x, y] = [
      member('x', { owned: of('a0', 'a1'), generation: 3 }),
      member('y', { owned: of('a1'), generation: 4 }),
    ]
    expect(given(assignStickily, [x, y], { a: 2, b: 0 }, false)).toEqual({ x: '', y: 'a1' })
  })

  test('a new topic joins the partitions of the same number', () => {
    const [x, y] = [member('x', { owned: of('a1'), generation: 3 }), member('y', { owned: of('a0'), generation: 3 })]
    expect(given(assignStickily, [x, y], { a: 2, b: 2 }, true)).toEqual({ x: 'a1 b1', y: 'a0 b0' })
  })

  test('the one with the most has one more', () => {
    const [x, y] = [
      member('x', { owned: of('a0'), generation: 3 }),
      member('y', { owned: of('a1', 'a2'), generation: 3 }),
    ]
    expect(given(assignStickily, [x, y], { a: 3, b: 0 }, false)).toEqual({ x: 'a0', y: 'a1 a2' })
  })
})
