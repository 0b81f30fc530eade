import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../../lib/clock.ts'
import type { GroupMember, KafkaDriver, MemberOptions, TopicPartition } from '../driver.ts'
import type { OutgoingRecord } from '../kafka-record.ts'
import { memoryCluster } from './memory-cluster.ts'

const record = (value: string, partition = 0, topic = 'in'): OutgoingRecord => ({
  topic,
  partition,
  key: Buffer.from(value),
  value: Buffer.from(value),
})

/** Lets everything happen that can. */
async function settle(): Promise<void> {
  for (let i = 0; i < 200; i++) await new Promise<void>((resolve) => setImmediate(resolve))
}

const texts = (records: readonly { readonly value: Buffer | undefined }[]): string[] =>
  records.map(({ value }) => String(value))

interface Joined {
  readonly member: GroupMember
  readonly has: Set<string>
  readonly heard: string[]
}

function join(driver: KafkaDriver, name: string, options: Partial<MemberOptions> = {}): Joined {
  const has = new Set<string>()
  const heard: string[] = []
  const keys = (partitions: readonly TopicPartition[]): string[] =>
    partitions.map(({ topic, partition }) => `${topic}-${partition}`)
  const told = (what: string, partitions: readonly TopicPartition[]): void => {
    heard.push(`${what} ${keys(partitions).join(' ')}`)
    for (const key of keys(partitions)) if (what === 'assigned') has.add(key)
    for (const key of keys(partitions)) if (what !== 'assigned') has.delete(key)
  }
  const member = driver.member({
    groupId: 'group',
    topics: ['in'],
    protocol: 'classic',
    sessionTimeout: 10_000,
    rebalanceTimeout: 60_000,
    keepsTogether: false,
    ...options,
    listener: {
      assigned: (partitions) => told('assigned', partitions),
      revoked: (partitions) => told('revoked', partitions),
      lost: (partitions) => told('lost', partitions),
      failed: (error) => void heard.push(`failed ${name} ${String(error)}`),
    },
  })
  return { member, has, heard }
}

describe('logs', () => {
  it('shows records of a transaction once it is committed, and never those of an aborted one', async () => {
    const cluster = memoryCluster({ clock: new VirtualClock() })
    cluster.topic('in', 1)
    const driver = cluster.driver('a')
    const feed = driver.feed({ topic: 'in', partition: 0 }, 0)
    const producer = driver.producer({ transactionalId: 'p' })
    await producer.open()
    await producer.send([record('1')])
    await producer.abort()
    await producer.send([record('2')])
    await settle()
    const first = await feed.read()
    expect([texts(first.records), first.next]).toEqual([[], 2])
    await producer.commit()
    const second = await feed.read()
    expect([texts(second.records), second.next, second.end]).toEqual([['2'], 4, 4])
    await settle()
    expect([feed.end, feed.isBehind]).toEqual([4, false])
    expect(texts(cluster.records('in'))).toEqual(['2'])
    expect(texts(cluster.records('in', { isolation: 'uncommitted' }))).toEqual(['1', '2'])
  })

  it('fences a producer when another one opens its id', async () => {
    const cluster = memoryCluster({ clock: new VirtualClock() })
    cluster.topic('in', 2)
    const old = cluster.driver('a').producer({ transactionalId: 'p' })
    await old.open()
    await old.send([record('1'), record('2', 1)])
    const young = cluster.driver('b').producer({ transactionalId: 'p' })
    await young.open()
    await expect(old.send([record('3')])).rejects.toMatchObject({ kind: 'fenced' })
    await expect(old.commit()).rejects.toMatchObject({ kind: 'fenced' })
    await young.send([record('4')])
    await young.commit()
    await settle()
    expect(texts(cluster.records('in'))).toEqual(['4'])
  })
})

describe.each(['classic', 'cooperative', 'consumer'] as const)('groups: %s', (protocol) => {
  it('shares partitions out, and again when a member comes, goes, or is silent for too long', async () => {
    const clock = new VirtualClock()
    const cluster = memoryCluster({ clock, sessionTimeout: 10_000 })
    cluster.topic('in', 4)
    const a = join(cluster.driver('a'), 'a', { protocol })
    await settle()
    expect([...a.has]).toEqual(['in-0', 'in-1', 'in-2', 'in-3'])
    const b = join(cluster.driver('b'), 'b', { protocol })
    await settle()
    expect([...a.has, ...b.has]).toEqual(['in-0', 'in-1', 'in-2', 'in-3'])
    const old = a.member.identity
    cluster.control.suspend('a')
    clock.advanceTo(10_000)
    await settle()
    expect(b.has.size).toBe(4)
    expect(a.has.size).toBe(2)
    cluster.control.wake('a')
    await settle()
    expect(a.heard).toContain('lost in-0 in-1')
    expect([a.has.size, b.has.size]).toEqual([2, 2])
    if (old === undefined) throw new Error('no identity')
    await expect(
      cluster.driver('a').commitOffsets(old, [{ topic: 'in', partition: 0, offset: 1 }]),
    ).rejects.toMatchObject({ kind: 'fenced' })
    await a.member.close()
    await settle()
    expect([a.has.size, b.has.size]).toEqual([0, 4])
  })
})
