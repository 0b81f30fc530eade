import { beforeEach, describe, expect, it } from 'vitest'
import { VirtualClock } from '../../../lib/clock.ts'
import type { Trouble } from '../driver.ts'
import { Spy } from './fixtures/spy.ts'
import { textRecord, textsOf } from './fixtures/text-record.ts'
import { type MemoryCluster, memoryCluster } from './memory-cluster.ts'

let clock: VirtualClock
let cluster: MemoryCluster

beforeEach(() => {
  clock = new VirtualClock()
  cluster = memoryCluster({ clock, brokers: 2 })
  cluster.topic('in', 2)
})

/** Notes what becomes of promises. */
function noted(promises: Record<string, Promise<unknown>>): string[] {
  const notes: string[] = []
  for (const [name, promise] of Object.entries(promises))
    promise.then(
      () => notes.push(`${name} done`),
      (error: unknown) => notes.push(`${name} ${(error as { kind?: string }).kind}`),
    )
  return notes
}

describe('crash', () => {
  it('leaves what the process asks without an answer; what it had sent still arrives', async () => {
    const producer = cluster.driver('a').producer({})
    const notes = noted({ before: producer.send([textRecord('in', 0, 'a')]) })
    cluster.control.crash('a')
    notes.push(...noted({ after: producer.send([textRecord('in', 0, 'b')]) }))
    await cluster.control.settled()
    expect([notes, textsOf(cluster.records('in'))]).toEqual([[], ['a']])
    await cluster
      .driver('a')
      .producer({})
      .send([textRecord('in', 0, 'c')])
    expect(textsOf(cluster.records('in'))).toEqual(['a', 'c'])
  })

  it('rejects what the process waits for, and asks later, where it is to', async () => {
    const driver = cluster.driver('a')
    const spy = new Spy(driver)
    const read = Promise.resolve(driver.feed({ topic: 'in', partition: 0 }, 0).read())
    const notes = noted({ read })
    await cluster.control.settled()
    cluster.control.crash('a', { rejects: true })
    await cluster.control.settled()
    await expect(driver.holders('group')).rejects.toMatchObject({ kind: 'other' })
    expect(notes).toEqual(['read other'])
    expect(spy.failure).toMatchObject({ kind: 'other' })
  })

  it.each([
    [0, ['a']],
    [1, ['a']],
    [2, ['a', 'b']],
  ])('comes in front of step %i, if it is set for that', async (step, expected) => {
    const producer = cluster.driver('a').producer({})
    // A send is two steps, with its answer. Only who has heard of the first makes the second.
    cluster.control.at(step, () => cluster.control.crash('a'))
    void producer.send([textRecord('in', 0, 'a')]).then(() => producer.send([textRecord('in', 0, 'b')]))
    await cluster.control.settled()
    expect(textsOf(cluster.records('in'))).toEqual(expected)
  })
})

describe('suspend', () => {
  it('holds what the process hears and says until it wakes', async () => {
    const producer = cluster.driver('a').producer({})
    const notes = noted({ before: producer.send([textRecord('in', 0, 'a')]) })
    cluster.control.suspend('a')
    notes.push(...noted({ ignored: Promise.resolve() }))
    const after = producer.send([textRecord('in', 0, 'b')])
    await cluster.control.settled()
    expect(textsOf(cluster.records('in'))).toEqual(['a'])
    expect(notes).toEqual([])
    cluster.control.wake('a')
    await after
    expect(notes).toEqual(['before done'])
    expect(textsOf(cluster.records('in'))).toEqual(['a', 'b'])
  })
})

describe('down', () => {
  it('lets requests wait for their broker, and no others', async () => {
    const producer = cluster.driver('a').producer({})
    cluster.control.down(0)
    const notes = noted({
      zero: producer.send([textRecord('in', 0, 'a')]),
      one: producer.send([textRecord('in', 1, 'b')]),
    })
    await cluster.control.settled()
    expect(notes).toEqual(['one done'])
    clock.advanceTo(29_999)
    cluster.control.up()
    await cluster.control.settled()
    expect(notes).toEqual(['one done', 'zero done'])
    clock.advanceTo(100_000)
    cluster.produce([])
    await cluster.control.settled()
    expect(textsOf(cluster.records('in'))).toEqual(['a', 'b'])
  })

  it('fails what waits for too long; feeds and members try again', async () => {
    const trouble: Trouble[] = []
    const driver = cluster.driver('a', (each) => trouble.push(each))
    cluster.control.down()
    cluster.produce([textRecord('in', 0, 'a')])
    const spy = new Spy(driver, { topics: ['in'] })
    const read = Promise.resolve(driver.feed({ topic: 'in', partition: 0 }, 0).read())
    const notes = noted({ sent: driver.producer({}).send([textRecord('in', 1, 'b')]) })
    for (const time of [30_000, 60_000]) {
      clock.advanceTo(time)
      await cluster.control.settled()
    }
    expect(notes).toEqual(['sent unavailable'])
    expect(trouble.map(({ what, attempts }) => `${what} ${attempts}`).toSorted()).toEqual([
      'fetch in-0 1',
      'fetch in-0 2',
      'join group 1',
      'join group 2',
    ])
    cluster.control.up()
    expect(textsOf((await read).records)).toEqual(['a'])
    await cluster.control.settled()
    expect(spy.has.size).toBe(2)
    expect(textsOf(cluster.records('in'))).toEqual(['a'])
  })
})

describe('fail', () => {
  it.each([
    ['fails', 'unavailable', []],
    ['answer-lost', 'unavailable', ['a']],
    ['twice', undefined, ['a', 'a']],
  ] as const)('%s: a send', async (effect, kind, there) => {
    cluster.control.fail({ operation: 'send', effect, clientId: 'a' })
    await cluster.driver('b').producer({}).send([])
    const sent = cluster
      .driver('a')
      .producer({})
      .send([textRecord('in', 0, 'a')])
    if (kind === undefined) await sent
    else await expect(sent).rejects.toMatchObject({ kind })
    expect(textsOf(cluster.records('in'))).toEqual(there)
  })

  it('fails those of one client only, as often and in the way that was asked for', async () => {
    cluster.control.fail({ operation: 'holders', clientId: 'a', times: 2, kind: 'refused' })
    const notes: unknown[] = []
    for (const client of ['b', 'a', 'a', 'a']) {
      notes.push(
        await cluster
          .driver(client)
          .holders('group')
          .then(
            () => client,
            (error: unknown) => (error as { kind?: string }).kind,
          ),
      )
    }
    expect(notes).toEqual(['b', 'refused', 'refused', 'a'])
  })

  it('does not double what is in a transaction', async () => {
    const producer = cluster.driver('a').producer({ transactionalId: 'p' })
    await producer.open()
    cluster.control.fail({ operation: 'send', effect: 'twice' })
    cluster.control.fail({ operation: 'commit', effect: 'answer-lost' })
    await producer.send([textRecord('in', 0, 'a')])
    await expect(producer.commit()).rejects.toMatchObject({ kind: 'unavailable' })
    await cluster.control.settled()
    expect(textsOf(cluster.records('in'))).toEqual(['a'])
  })
})

it('compacts topics, and removes what is old', async () => {
  cluster.produce(['1', '2', '3'].map((value) => textRecord('in', 0, value, value === '2' ? 'b' : 'a')))
  cluster.control.compact('in')
  expect(cluster.records('in').map(({ offset }) => offset)).toEqual([1, 2])
  cluster.control.deleteBefore({ topic: 'in', partition: 0 }, 2)
  expect(cluster.records('in').map(({ offset }) => offset)).toEqual([2])
  const driver = cluster.driver('a')
  expect(await driver.offsets([{ topic: 'in', partition: 0 }], 'earliest')).toMatchObject([{ offset: 2 }])
  await expect(driver.feed({ topic: 'in', partition: 0 }, 1).read()).rejects.toMatchObject({ kind: 'out-of-range' })
})

it.each([
  [{ seed: 0.5 }, /seed must be an integer, got 0.5/],
  [{ brokers: 0 }, /brokers must be a positive integer, got 0/],
])('refuses %j', (options, message) => {
  expect(() => memoryCluster({ clock, ...options })).toThrow(message)
})
