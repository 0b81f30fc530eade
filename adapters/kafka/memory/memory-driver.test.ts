import { beforeEach, describe, expect, it } from 'vitest'
import { VirtualClock } from '../../../lib/clock.ts'
import type { Trouble } from '../driver.ts'
import { Spy } from './fixtures/spy.ts'
import { textRecord, textsOf } from './fixtures/text-record.ts'
import { type MemoryCluster, memoryCluster } from './memory-cluster.ts'

let clock: VirtualClock
let cluster: MemoryCluster

beforeEach(() => {
  clock = new VirtualClock(1_000)
  cluster = memoryCluster({ clock, brokers: 2, sessionTimeout: 10_000 })
  cluster.topic('in', 2)
})

/** What becomes of a promise while nobody moves the clock. */
async function outcomeOf(promise: Promise<unknown>): Promise<unknown> {
  let outcome: unknown = 'nothing'
  promise.then(
    (value) => (outcome = value),
    (error: unknown) => (outcome = error),
  )
  await cluster.control.settled()
  return outcome
}

describe('topics', () => {
  it('are made once, and counted', async () => {
    const driver = cluster.driver('a')
    await driver.createTopics([
      { topic: 'in', partitions: 9 },
      { topic: 'out', partitions: 3 },
    ])
    expect(await driver.partitionCounts(['in', 'out'])).toEqual(
      new Map([
        ['in', 2],
        ['out', 3],
      ]),
    )
    await expect(driver.partitionCounts(['nowhere'])).rejects.toMatchObject({ kind: 'unknown-topic' })
  })

  it('refuse records that are too large, and all that come with them', async () => {
    cluster.topic('small', 1, { 'max.message.bytes': '4' })
    const producer = cluster.driver('a').producer({})
    await producer.send([textRecord('small', 0, 'ab')])
    const sent = producer.send([textRecord('small', 0, 'cd'), textRecord('small', 0, 'efg')])
    await expect(sent).rejects.toMatchObject({ kind: 'too-large' })
    expect(textsOf(cluster.records('small'))).toEqual(['ab'])
  })

  it('keep the bytes that were sent', async () => {
    const record = textRecord('in', 0, 'a')
    await cluster.driver('a').producer({}).send([record])
    record.value?.fill('b')
    expect(textsOf(cluster.records('in'))).toEqual(['a'])
    expect(cluster.records('in')[0]?.timestamp).toBe(1_000)
  })
})

describe('feeds', () => {
  it('wait for records, an answer ahead, and know how far they are behind', async () => {
    const feed = cluster.driver('a').feed({ topic: 'in', partition: 0 }, 0)
    expect([feed.end, feed.isBehind]).toEqual([undefined, false])
    await cluster.control.settled()
    expect([feed.end, feed.isBehind]).toEqual([0, false])
    const first = feed.read()
    cluster.produce([textRecord('in', 0, 'a')])
    expect(await first).toMatchObject({ next: 1, end: 1 })
    cluster.produce([textRecord('in', 0, 'b')])
    await cluster.control.settled()
    expect([feed.end, feed.isBehind]).toEqual([2, true])
    expect(feed.read()).toMatchObject({ next: 2, end: 2 })
    expect(feed.isBehind).toBe(false)
  })

  it('never answer when they are closed', async () => {
    const feed = cluster.driver('a').feed({ topic: 'in', partition: 0 }, 0)
    const read = Promise.resolve(feed.read())
    feed.close()
    cluster.produce([textRecord('in', 0, 'a')])
    expect(await outcomeOf(read)).toBe('nothing')
    expect(await outcomeOf(Promise.resolve(feed.read()))).toBe('nothing')
  })

  it('say when there is nothing at their offset, and try again what goes away', async () => {
    const trouble: Trouble[] = []
    const driver = cluster.driver('a', (each) => trouble.push(each))
    await expect(driver.feed({ topic: 'in', partition: 0 }, 1).read()).rejects.toMatchObject({ kind: 'out-of-range' })
    cluster.control.fail({ operation: 'fetch', times: 2 })
    cluster.produce([textRecord('in', 1, 'a')])
    const fetched = await driver.feed({ topic: 'in', partition: 1 }, 0).read()
    expect(textsOf(fetched.records)).toEqual(['a'])
    expect(trouble.map(({ what, attempts }) => [what, attempts])).toEqual([
      ['fetch in-1', 1],
      ['fetch in-1', 2],
    ])
  })
})

describe('transactions', () => {
  it('are aborted when they are open for too long', async () => {
    const producer = cluster.driver('a').producer({ transactionalId: 'p', transactionTimeout: 5_000 })
    await producer.open()
    await producer.send([textRecord('in', 0, 'a')])
    clock.advanceTo(5_999)
    await cluster.control.settled()
    expect(await cluster.driver('b').offsets([{ topic: 'in', partition: 0 }], 'latest')).toMatchObject([{ offset: 0 }])
    clock.advanceTo(6_000)
    await cluster.control.settled()
    expect(await cluster.driver('b').offsets([{ topic: 'in', partition: 0 }], 'latest')).toMatchObject([{ offset: 2 }])
    await expect(producer.commit()).rejects.toMatchObject({ kind: 'fenced' })
    await producer.open()
    await producer.send([textRecord('in', 0, 'b')])
    await producer.commit()
    await cluster.control.settled()
    expect(textsOf(cluster.records('in'))).toEqual(['b'])
  })

  it('may take long after another has ended', async () => {
    const producer = cluster.driver('a').producer({ transactionalId: 'p', transactionTimeout: 5_000 })
    await producer.open()
    await producer.send([textRecord('in', 0, 'a')])
    await producer.commit()
    clock.advanceTo(4_000)
    await producer.send([textRecord('in', 0, 'b')])
    clock.advanceTo(8_999)
    await producer.commit()
    await cluster.control.settled()
    expect(textsOf(cluster.records('in'))).toEqual(['a', 'b'])
  })

  it('commit only when all is written', async () => {
    const producer = cluster.driver('a').producer({ transactionalId: 'q' })
    await producer.open()
    // The broker that decides is the other one.
    cluster.control.down(0)
    void producer.send([textRecord('in', 0, 'a')])
    const committed = producer.commit()
    expect(await outcomeOf(committed)).toBe('nothing')
    cluster.control.up()
    await committed
    await cluster.control.settled()
    expect(textsOf(cluster.records('in'))).toEqual(['a'])
  })

  it('commit nothing where there is nothing, and begin only when they are opened', async () => {
    const producer = cluster.driver('a').producer({ transactionalId: 'p' })
    await expect(producer.send([textRecord('in', 0, 'a')])).rejects.toMatchObject({ kind: 'other' })
    await producer.open()
    const { steps } = cluster.control
    await producer.commit()
    await producer.abort()
    expect(cluster.control.steps).toBe(steps)
  })

  it('do not commit what was not written', async () => {
    const producer = cluster.driver('a').producer({ transactionalId: 'p' })
    await producer.open()
    cluster.control.fail({ operation: 'send' })
    await expect(producer.send([textRecord('in', 0, 'a')])).rejects.toMatchObject({ kind: 'unavailable' })
    await producer.send([textRecord('in', 0, 'b')])
    await expect(producer.commit()).rejects.toMatchObject({ kind: 'unavailable' })
    await producer.abort()
    await producer.send([textRecord('in', 0, 'c')])
    await producer.commit()
    await cluster.control.settled()
    expect(textsOf(cluster.records('in'))).toEqual(['c'])
  })

  it('hold back who asks for the offsets that they commit', async () => {
    const { member } = new Spy(cluster.driver('m'))
    await cluster.control.settled()
    const { identity } = member
    if (identity === undefined) throw new Error('no identity')
    const producer = cluster.driver('a').producer({ transactionalId: 'p' })
    await producer.open()
    // The offsets are there, and what would decide on them is not.
    cluster.control.fail({ operation: 'commit' })
    const place = { topic: 'in', partition: 0 }
    await expect(producer.commit({ member: identity, offsets: [{ ...place, offset: 7 }] })).rejects.toThrow(/commit/)
    const driver = cluster.driver('b')
    const [asked, other] = [driver.committed('group', [place]), driver.committed('group', [{ ...place, partition: 1 }])]
    expect(await outcomeOf(other)).toEqual([])
    expect(await outcomeOf(asked)).toBe('nothing')
    await producer.commit()
    expect(await outcomeOf(asked)).toEqual([{ ...place, offset: 7 }])
  })
})

describe('offsets', () => {
  it('are committed by members of now, and by others where there are none', async () => {
    const offsets = [{ topic: 'in', partition: 0, offset: 3 }]
    const driver = cluster.driver('a')
    await driver.commitOffsets({ groupId: 'group' }, offsets)
    expect(await driver.committed('group', offsets)).toEqual(offsets)
    const { member } = new Spy(cluster.driver('m'))
    await cluster.control.settled()
    await expect(driver.commitOffsets({ groupId: 'group' }, offsets)).rejects.toMatchObject({ kind: 'fenced' })
    const { identity } = member
    if (identity === undefined) throw new Error('no identity')
    await driver.commitOffsets(identity, [{ topic: 'in', partition: 0, offset: 4 }])
    cluster.control.rebalance('group')
    await cluster.control.settled()
    await expect(driver.commitOffsets(identity, offsets)).rejects.toMatchObject({ kind: 'fenced' })
    expect(await driver.committed('group', offsets)).toMatchObject([{ offset: 4 }])
  })
})
