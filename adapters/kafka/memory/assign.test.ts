import { describe, expect, it } from 'vitest'
import type { TopicPartition } from '../driver.ts'
import { assign, type Candidate } from './assign.ts'

const counts: Record<string, number> = { a: 4, b: 2 }

/** Members as `name: what it had`, each of which wants topics `a` and `b`. */
function shares(members: Record<string, string>, keepsTogether = false): Record<string, string> {
  const candidates = Object.entries(members).map(([id, had]): Candidate => ({
    id,
    topics: ['a', 'b'],
    previous: had.split(' ').flatMap((text): TopicPartition[] => {
      const [topic = '', partition = ''] = text
      return text === '' ? [] : [{ topic, partition: Number(partition) }]
    }),
  }))
  const assigned = assign(candidates, (topic) => counts[topic] ?? 0, keepsTogether)
  return Object.fromEntries(
    [...assigned].map(([id, partitions]) => [id, partitions.map((each) => `${each.topic}${each.partition}`).join(' ')]),
  )
}

describe('assign', () => {
  it.each([
    ['everything to one', { x: '' }, { x: 'a0 a1 a2 a3 b0 b1' }],
    ['even shares', { x: '', y: '' }, { x: 'a0 a2 b0', y: 'a1 a3 b1' }],
    ['only what has to move', { x: 'a0 a1 a2 a3 b0 b1', y: '' }, { x: 'a0 a1 a2', y: 'a3 b0 b1' }],
    ['what one has left, to the other', { x: 'a0 a2 b0' }, { x: 'a0 a1 a2 a3 b0 b1' }],
    ['nothing else', { x: 'a1 a3 b1', y: 'a0 a2 b0' }, { x: 'a1 a3 b1', y: 'a0 a2 b0' }],
    ['what is nobody’s to who has least', { x: 'a0 a1 a2', y: 'a3' }, { x: 'a0 a1 a2', y: 'a3 b0 b1' }],
  ])('gives %s', (_, members, expected) => {
    expect(shares(members)).toEqual(expected)
  })

  it('keeps partitions with the same number together', () => {
    expect(shares({ x: '', y: '' }, true)).toEqual({ x: 'a0 b0 a2', y: 'a1 b1 a3' })
    expect(shares({ x: 'a0 a1 a2 a3 b0 b1', y: '', z: '' }, true)).toEqual({ x: 'a0 b0 a1 b1', y: 'a3', z: 'a2' })
  })

  it('gives members what they want only', () => {
    const candidates = [
      { id: 'x', topics: ['a'], previous: [] },
      { id: 'y', topics: ['b'], previous: [] },
    ]
    const assigned = assign(candidates, (topic) => counts[topic] ?? 0, false)
    expect(assigned.get('x')?.map(({ topic }) => topic)).toEqual(['a', 'a', 'a', 'a'])
    expect(assigned.get('y')?.map(({ topic }) => topic)).toEqual(['b', 'b'])
  })
})
