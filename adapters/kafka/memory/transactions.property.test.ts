// 1. What is committed is seen in all partitions, in the order in which it was sent; what was aborted, or whose producer was fenced, is never seen.
// 2. What may or may not have been committed is seen as a whole, or not at all.
// 3. The offsets of a group are those of the last transaction that is seen.
// 4. Who reads along sees the same as who reads it all in the end.
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { VirtualClock } from '../../../lib/clock.ts'
import type { KafkaDriver, MemberIdentity } from '../driver.ts'
import { KafkaError } from '../kafka-error.ts'
import { Spy } from './fixtures/spy.ts'
import { textRecord, textsOf } from './fixtures/text-record.ts'
import { memoryCluster } from './memory-cluster.ts'

/** What a producer does in one transaction. */
interface Planned {
  /** To which partitions, send by send. */
  readonly sends: readonly (readonly number[])[]
  readonly aborts: boolean
}

/** A process that opens a producer at some step, makes some transactions, and perhaps dies or sleeps. */
interface Life {
  readonly id: 'p' | 'q'
  readonly start: number
  readonly transactions: readonly Planned[]
  readonly end: 'none' | 'dies' | 'sleeps'
  readonly endAt: number
}

const planned: fc.Arbitrary<Planned> = fc.record({
  sends: fc.array(fc.array(fc.nat(2), { minLength: 1, maxLength: 4 }), { maxLength: 3 }),
  aborts: fc.boolean(),
})

const life: fc.Arbitrary<Life> = fc.record({
  id: fc.constantFrom('p', 'q'),
  start: fc.nat(60),
  transactions: fc.array(planned, { maxLength: 5 }),
  end: fc.constantFrom('none', 'none', 'dies', 'sleeps'),
  endAt: fc.nat(120),
})

const faults = fc.array(
  fc.record({
    operation: fc.constantFrom('open', 'send', 'sendOffsets', 'commit', 'abort'),
    effect: fc.constantFrom('fails', 'answer-lost', 'twice'),
    clientId: fc.constantFrom('l0', 'l1', 'l2'),
  }),
  { maxLength: 3 },
)

interface Made {
  readonly id: 'p' | 'q'
  readonly tag: number
  /** What it has sent to each partition. */
  readonly sent: readonly string[][]
  outcome: 'committed' | 'never' | 'unknown'
}

class Story {
  readonly clock = new VirtualClock()
  readonly cluster
  readonly made: Made[] = []
  #tags = 0

  constructor(seed: number) {
    this.cluster = memoryCluster({ clock: this.clock, seed, brokers: 2 })
    this.cluster.topic('in', 2)
    this.cluster.topic('out', 3)
  }

  async live({ id, transactions }: Life, driver: KafkaDriver, member: MemberIdentity): Promise<void> {
    const producer = driver.producer({ transactionalId: id })
    await producer.open()
    for (const { sends, aborts } of transactions) {
      const tag = (this.#tags += 1)
      const sent: string[][] = [[], [], []]
      const made: Made = { id, tag, sent, outcome: 'unknown' }
      this.made.push(made)
      let isEnding = false
      try {
        const records = sends.map((partitions, i) =>
          partitions.map((partition, j) => textRecord('out', partition, `${id} ${tag} ${i} ${j}`)),
        )
        for (const { partition, value } of records.flat()) sent[partition]?.push(String(value))
        const sending = Promise.all(records.map((each) => producer.send(each)))
        // It is awaited below, unless the commit has failed already.
        sending.catch(() => {})
        if (aborts) {
          made.outcome = 'never'
          await sending.catch(() => {})
          await producer.abort()
        } else {
          isEnding = true
          await producer.commit({ member, offsets: [{ topic: 'in', partition: id === 'p' ? 0 : 1, offset: tag }] })
          made.outcome = 'committed'
        }
        await sending
      } catch (error) {
        if (!(error instanceof KafkaError)) throw error
        if (error.kind === 'fenced' || !isEnding) made.outcome = 'never'
        return
      }
    }
  }
}

describe('transactions', () => {
  test.prop([fc.integer(), fc.array(life, { minLength: 1, maxLength: 5 }), faults], { numRuns: 200 })(
    'are seen as a whole or not at all',
    async (seed, lives, failing) => {
      const story = new Story(seed)
      const { cluster, clock, made } = story
      const { control } = cluster
      const watcher = cluster.driver('watcher')
      const { member } = new Spy(watcher)
      await control.settled()
      const { identity } = member
      if (identity === undefined) throw new Error('no identity')
      for (const fault of failing) control.fail(fault)
      const seen: string[][] = [[], [], []]
      const read = async (partition: number): Promise<void> => {
        const feed = watcher.feed({ topic: 'out', partition }, 0)
        for (;;) seen[partition]?.push(...textsOf((await feed.read()).records))
      }
      for (const partition of [0, 1, 2]) void read(partition)
      for (const [i, each] of lives.entries()) {
        const clientId = `l${i}`
        const driver = cluster.driver(clientId)
        control.at(control.steps + each.start, () => {
          void story.live(each, driver, identity).catch(() => {})
        })
        if (each.end === 'dies') control.at(control.steps + each.endAt, () => control.crash(clientId))
        if (each.end === 'sleeps') control.at(control.steps + each.endAt, () => control.suspend(clientId))
      }
      // Something has to go on for the plans to come true.
      for (let i = 0; i < 70; i++) await watcher.partitionCounts(['out'])
      for (const i of lives.keys()) control.wake(`l${i}`)
      await control.settled()
      for (const id of ['p', 'q'] as const) {
        void cluster.driver('last').producer({ transactionalId: id }).open()
        await control.settled()
      }
      clock.advanceTo(clock.now() + 100_000)
      await control.settled()

      const whole = [0, 1, 2].map((partition) =>
        textsOf(cluster.records('out').filter((record) => record.partition === partition)),
      )
      expect(seen).toEqual(whole)
      for (const id of ['p', 'q'] as const) {
        const tagOf = (value: string): number => Number(value.split(' ')[1])
        const own = whole.map((values) => values.filter((value) => value.startsWith(id)))
        const tags = new Set(own.flat().map(tagOf))
        const offsets = cluster.driver('last').committed('group', [{ topic: 'in', partition: id === 'p' ? 0 : 1 }])
        await control.settled()
        const offset = (await offsets)[0]?.offset
        // Of those that have sent nothing only their offset shows.
        const isThere = ({ tag, outcome }: Made): boolean => tags.has(tag) || outcome === 'committed' || tag === offset
        const there = made.filter((each) => each.id === id && isThere(each))
        expect(own).toEqual([0, 1, 2].map((partition) => there.flatMap(({ sent }) => sent[partition] ?? [])))
        expect(there.filter(({ outcome }) => outcome === 'never')).toEqual([])
        expect(offset).toBe(there.at(-1)?.tag)
      }
    },
  )
})
