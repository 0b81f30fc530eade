import { filter, map as rxMap, merge as rxMerge, type Observable, share, Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { assignTimestamps, merge } from '../../operators/index.ts'
import type { Chunk } from '../chunk-source.ts'
import { VirtualClock } from '../clock.ts'
import type { Element } from '../element.ts'
import { RecordingSink } from '../fixtures/recording-sink.ts'
import { turns } from '../fixtures/turns.ts'
import { route, run, type RunningJob, type RunOptions } from '../run.ts'
import type { Split } from '../split.ts'
import type { Recovered, StateStore } from '../state/state-store.ts'
import { boundedOutOfOrderness } from '../watermarks/bounded-out-of-orderness.ts'
import { monotonous } from '../watermarks/monotonous.ts'
import { defineSource } from './source.ts'

type Numbers = Element<number, undefined, undefined>

interface TestSplit extends Split {
  isBusy: boolean
}

/** A source whose chunks a test gives. */
class Peers {
  readonly numbers: Observable<number>
  readonly #chunks: (Chunk<number> | undefined)[] = []
  #ring = (): void => {}

  constructor(name = 'peers') {
    const read = async (): Promise<Chunk<number> | undefined> => {
      while (this.#chunks.length === 0) await new Promise<void>((resolve) => (this.#ring = resolve))
      return this.#chunks.shift()
    }
    this.numbers = defineSource<number>({ name, open: () => ({ read, close: () => {} }) })
  }

  give(split: Split | undefined, ...values: readonly number[]): this {
    return this.#put(split === undefined ? { values } : { values, split })
  }

  /** The last of a split. */
  last(split: Split, ...values: readonly number[]): this {
    return this.#put({ values, split, isLast: true })
  }

  end(): this {
    return this.#put(undefined)
  }

  #put(chunk: Chunk<number> | undefined): this {
    this.#chunks.push(chunk)
    this.#ring()
    return this
  }
}

function split(id?: string): TestSplit {
  const named = id === undefined ? {} : { id }
  return {
    ...named,
    isBusy: false,
    isWaiting() {
      return this.isBusy
    },
  }
}

const clockless = monotonous<number>()
const patient = monotonous<number>({ idleTimeout: 100 })

function written(elements: readonly Numbers[]): string {
  return elements
    .map((each) => (each.kind === 'event' ? String(each.time) : each.kind === 'idle' ? 'idle' : `~${each.time}`))
    .join(' ')
}

/** Runs a stream, and says what has come out since it was asked the last time. */
function running(
  stream: Observable<Numbers>,
  options: RunOptions = {},
): {
  readonly job: RunningJob
  out(): Promise<string>
} {
  const sink = new RecordingSink<Numbers>()
  const job = run(stream, sink, options)
  let seen = 0
  return {
    job,
    async out() {
      await turns()
      const elements = sink.values.slice(seen)
      seen += elements.length
      return written(elements)
    },
  }
}

describe('the watermark of splits', () => {
  const [a, b] = [split(), split()]

  test('is the lowest of those that are open', async () => {
    const peers = new Peers().give(a).give(b).give(a, 5, 9).give(b, 3, 7).last(b).give(a, 10).end()
    const { out } = running(peers.numbers.pipe(assignTimestamps((n) => n, clockless)))
    expect(await out()).toBe('5 9 3 ~3 7 ~7 ~9 10 ~10 ~Infinity')
  })

  test('waits for one that has said nothing yet, and no longer when it is closed', async () => {
    const peers = new Peers().give(a, 5).give(b).give(a, 6, 7)
    const { out, job } = running(peers.numbers.pipe(assignTimestamps((n) => n, clockless)))
    expect(await out()).toBe('5 ~5 6 7')
    peers.last(b)
    expect(await out()).toBe('~7')
    await job.stop()
  })

  test('is the highest there was when none is open, and stays there', async () => {
    const peers = new Peers().give(a).give(b).give(a, 9).give(b, 3).last(a).last(b)
    const { out, job } = running(peers.numbers.pipe(assignTimestamps((n) => n, clockless)))
    expect(await out()).toBe('9 3 ~3 ~9')
    peers.give(a, 4, 8, 10)
    expect(await out()).toBe('4 8 10 ~10')
    expect(job.metrics().operators[0]).toMatchObject({ entries: 1, watermark: 10 })
    await job.stop()
  })

  test('sees the values of a chunk before the split is closed, however small a turn is', async () => {
    const peers = new Peers().give(a).give(b).give(b, 9).last(a, 1, 2, 3).end()
    const { out } = running(peers.numbers.pipe(assignTimestamps((n) => n, clockless)), { batchSize: 1 })
    expect(await out()).toBe('9 1 ~1 2 ~2 3 ~3 ~9 ~Infinity')
  })

  test('belongs to the split also behind RxJS operators', async () => {
    const peers = new Peers().give(a).give(b).give(a, 8).give(b, 1, 2)
    const { out, job } = running(
      peers.numbers.pipe(
        filter((n) => n !== 1),
        rxMap((n) => n * 10),
        assignTimestamps((n) => n, boundedOutOfOrderness(5)),
      ),
    )
    expect(await out()).toBe('80 20 ~15')
    await job.stop()
  })

  test('is right for each of several that share a source', async () => {
    const peers = new Peers().give(a, 4).give(b, 1).give(a, 6).last(b).give(a, 7).end()
    const shared = peers.numbers.pipe(share())
    const [first, second] = [new RecordingSink<Numbers>(), new RecordingSink<Numbers>()]
    await run([
      route(shared.pipe(assignTimestamps((n) => n, clockless)), first),
      route(shared.pipe(assignTimestamps((n) => n, clockless)), second),
    ]).done
    expect(written(first.values)).toBe('4 ~4 1 6 ~6 7 ~7 ~Infinity')
    expect(written(second.values)).toBe('4 ~4 1 6 ~6 7 ~7 ~Infinity')
  })

  test('is not held back by what an ended source has left open', async () => {
    const [peers, others] = [new Peers('peers').give(a), new Peers('others').give(b).give(b, 5)]
    const both = rxMerge(peers.numbers, others.numbers)
    const { out, job } = running(both.pipe(assignTimestamps((n) => n, clockless)))
    expect(await out()).toBe('5')
    peers.end()
    expect(await out()).toBe('~5')
    await job.stop()
  })

  test('takes what is of no split for one more', async () => {
    const loose = new Subject<number>()
    const peers = new Peers().give(a, 5)
    const { out, job } = running(rxMerge(peers.numbers, loose).pipe(assignTimestamps((n) => n, clockless)))
    expect(await out()).toBe('5 ~5')
    loose.next(6)
    peers.give(a, 9)
    expect(await out()).toBe('6 9 ~6')
    await job.stop()
  })
})

describe('silence', () => {
  const [a, b] = [split(), split()]
  const timed = (peers: Peers): Observable<Numbers> => peers.numbers.pipe(assignTimestamps((n) => n, patient))

  test('of one split is found while others are busy', async () => {
    const clock = new VirtualClock()
    const peers = new Peers().give(a, 5).give(b)
    const { out, job } = running(timed(peers), { clock })
    await out()
    for (const time of [40, 80]) {
      clock.advanceTo(time)
      peers.give(a, time)
      expect(await out()).toBe(String(time))
    }
    clock.advanceTo(99)
    expect(await out()).toBe('')
    clock.advanceTo(100)
    expect(await out()).toBe('~80')
    // Behind when it comes back, so that it does not count.
    peers.give(b, 10).give(a, 90)
    expect(await out()).toBe('10 90 ~90')
    peers.give(b, 91).give(a, 99)
    expect(await out()).toBe('91 99 ~91')
    await job.stop()
  })

  test('is none while something of the split has not been read', async () => {
    const clock = new VirtualClock()
    const peers = new Peers().give(b).give(a, 5)
    b.isBusy = true
    const { out, job } = running(timed(peers), { clock })
    await out()
    for (let time = 50; time <= 300; time += 50) {
      clock.advanceTo(time)
      peers.give(a, time)
      expect(await out()).toBe(String(time))
    }
    b.isBusy = false
    clock.advanceTo(399)
    expect(await out()).toBe('')
    clock.advanceTo(400)
    expect(await out()).toBe('~300 idle')
    await job.stop()
  })

  test('is none of the only split while something of it has not been read', async () => {
    const clock = new VirtualClock()
    const slow = split('slow')
    const peers = new Peers().give(slow, 5)
    slow.isBusy = true
    const { out, job } = running(timed(peers), { clock })
    expect(await out()).toBe('5 ~5')
    clock.advanceTo(1_000)
    expect(await out()).toBe('')
    slow.isBusy = false
    peers.give(slow, 6)
    expect(await out()).toBe('6 ~6')
    clock.advanceTo(1_100)
    expect(await out()).toBe('idle')
    await job.stop()
  })

  test.each([
    // Of `a` it is silence.
    ['in a chunk of its own', new Peers().give(a).give(b).give(a, 1).give(b, 2), '1 2 ~2'],
    // Of `b` it is silence.
    ['in the same chunk', new Peers().give(a).give(b).give(a, 1, 2), '1 ~1 2 ~2'],
  ])('is none while something has been read that the job has not come to, %s', async (_, peers, expected) => {
    const clock = new VirtualClock()
    const elements: Numbers[] = []
    let release = (): void => {}
    const job = run(
      timed(peers),
      async (element) => {
        elements.push(element)
        if (elements.length === 1) await new Promise<void>((resolve) => (release = resolve))
      },
      { clock, batchSize: 1 },
    )
    await turns()
    clock.advanceTo(150)
    release()
    await turns()
    expect(written(elements)).toBe(expected)
    await job.stop()
  })

  test('of all makes the stream idle, and a split that is opened ends it', async () => {
    const clock = new VirtualClock()
    const [peers, steady] = [new Peers().give(a, 5), new Peers('steady').give(undefined, 1)]
    const { out, job } = running(merge(timed(peers), steady.numbers.pipe(assignTimestamps((n) => n, clockless))), {
      clock,
    })
    expect(await out()).toBe('5 1 ~1')
    steady.give(undefined, 9)
    expect(await out()).toBe('9 ~5')
    clock.advanceTo(100)
    expect(await out()).toBe('~9')
    peers.give(b)
    await out()
    // Not read, because what the split has to say may come before it.
    steady.give(undefined, 20)
    expect(await out()).toBe('')
    peers.last(b)
    expect(await out()).toBe('20 ~20')
    await job.stop()
  })

  test('ends for those behind when a split is opened, before it has said anything', async () => {
    const clock = new VirtualClock()
    const loose = new Subject<number>()
    const peers = new Peers().give(a, 5)
    const stream = merge(timed(peers), loose.pipe(assignTimestamps((n) => n, clockless)))
    const { out, job } = running(stream, { clock })
    loose.next(3)
    expect(await out()).toBe('3 5 ~3')
    clock.advanceTo(100)
    peers.give(b)
    await out()
    loose.next(30)
    expect(await out()).toBe('30 ~5')
    peers.last(b)
    expect(await out()).toBe('~30')
    await job.stop()
  })

  test('begins where no split is open', async () => {
    const clock = new VirtualClock()
    const peers = new Peers().give(a, 5).last(a)
    const { out, job } = running(timed(peers), { clock })
    expect(await out()).toBe('5 ~5')
    clock.advanceTo(99)
    expect(await out()).toBe('')
    clock.advanceTo(100)
    expect(await out()).toBe('idle')
    await job.stop()
  })
})

test('a checkpoint keeps the watermarks of splits that come again', async () => {
  let kept: Recovered | undefined
  const store: StateStore = {
    open: () => Promise.resolve(kept),
    commit({ epoch, meta }) {
      kept = { epoch, meta, tables: () => [], cells: () => [] }
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
  }
  const [a, b, fleeting] = [split('a'), split('b'), split()]
  const first = new Peers().give(a, 8).give(b).give(b, 9).give(fleeting).give(a, 20)
  const before = running(first.numbers.pipe(assignTimestamps((n) => n, clockless)), {
    checkpoint: { dir: 'none', store: () => store },
    onNotice: () => {},
  })
  expect(await before.out()).toBe('8 ~8 9 20')
  await before.job.stop()

  const second = new Peers().give(a).give(b).give(a, 21)
  const after = running(second.numbers.pipe(assignTimestamps((n) => n, clockless)), {
    checkpoint: { dir: 'none', store: () => store },
    onNotice: () => {},
  })
  expect(await after.out()).toBe('21 ~9')
  second.give(b, 15)
  expect(await after.out()).toBe('15 ~15')
  second.give(b, 30)
  expect(await after.out()).toBe('30 ~21')
  await after.job.stop()
})
