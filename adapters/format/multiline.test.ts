import { filter, map as rxMap, Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { Fate, MemoryStore, nothingDurable } from '../../lib/checkpoint/fixtures/crashing.ts'
import type { Chunk } from '../../lib/chunk-source.ts'
import { VirtualClock } from '../../lib/clock.ts'
import { turns } from '../../lib/fixtures/turns.ts'
import { route, run, type RunningJob } from '../../lib/run.ts'
import type { Split } from '../../lib/split.ts'
import { sideOutput } from '../../lib/wiring/side-output.ts'
import { defineSource } from '../../lib/wiring/source.ts'
import { monotonous } from '../../lib/watermarks/monotonous.ts'
import { assignTimestamps } from '../../operators/assign-timestamps.ts'
import type { DeadLetter } from '../line/dead-letter.ts'
import { Line } from '../line/line.ts'
import { multiline, type MultilineOptions } from './multiline.ts'

const start = /^\S/

/** A source of lines that a test gives, each as `source:number text`. */
class Lines {
  readonly #chunks: (Chunk<Line> | undefined)[] = []
  #ring = (): void => {}
  readonly values = defineSource<Line>({
    name: 'lines',
    open: () => ({
      read: async () => {
        while (this.#chunks.length === 0) await new Promise<void>((resolve) => (this.#ring = resolve))
        return this.#chunks.shift()
      },
      close: () => {},
    }),
  })

  give(split: Split | undefined, ...lines: readonly string[]): this {
    return this.#put({ values: lines.map(line), ...(split && { split }) })
  }

  last(split: Split): this {
    return this.#put({ values: [], split, isLast: true })
  }

  end(): this {
    return this.#put(undefined)
  }

  #put(chunk: Chunk<Line> | undefined): this {
    this.#chunks.push(chunk)
    this.#ring()
    return this
  }
}

function line(text: string): Line {
  const [, source = '', number, rest = ''] = /^(\w+):(\d+) (.*)$/.exec(text) ?? []
  return new Line(Buffer.from(rest), 0, Buffer.byteLength(rest), source, Number(number), 0)
}

const shown = ({ source, number, text }: Line): string => `${source}:${number} ${text.replaceAll('\n', '/')}`

interface Watched {
  readonly job: RunningJob
  readonly seen: string[]
  readonly clock: VirtualClock
  later(ms: number): Promise<void>
}

function watch(source: Lines, options: MultilineOptions = { start }, durable = nothingDurable(), now = 0): Watched {
  const clock = new VirtualClock(now)
  const seen: string[] = []
  const checkpoint = { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) }
  const job = run(source.values.pipe(multiline(options)), (each) => void seen.push(shown(each)), {
    clock,
    checkpoint,
    onNotice: () => {},
  })
  return {
    job,
    seen,
    clock,
    async later(ms) {
      await turns()
      clock.advanceTo(clock.now() + ms)
      await turns()
    },
  }
}

const peer = (isWaiting = false, id?: string): Split => ({
  isWaiting: () => isWaiting,
  ...(id !== undefined && { id }),
})

test('a record leaves with the next one of its source, and the last ones at the end, in the order in which they were begun', async () => {
  const source = new Lines().give(undefined, 'a:1 x', 'a:2  at f', 'b:1 y', 'a:3  at g', 'b:2  at h', 'a:4 z').end()
  const { job, seen } = watch(source)
  const { operators } = await job.done
  expect(seen).toEqual(['a:1 x/ at f/ at g', 'b:1 y/ at h', 'a:4 z'])
  expect(operators).toMatchObject([{ id: 'multiline', in: 6, contributed: 6, out: 3, held: 0, entries: 0 }])
})

test('what comes before the first line that begins a record is a record', async () => {
  const { job, seen } = watch(new Lines().give(undefined, 'a:1  at f', 'a:2  at g', 'a:3 x').end())
  await job.done
  expect(seen).toEqual(['a:1  at f/ at g', 'a:3 x'])
})

test('a file that has taken the place of another begins a record', async () => {
  const { job, seen } = watch(new Lines().give(undefined, 'a:7 x', 'a:8  at f', 'a:1  at g', 'a:1  at h').end())
  await job.done
  expect(seen).toEqual(['a:7 x/ at f', 'a:1  at g', 'a:1  at h'])
})

test('a record leaves when nothing has come of it for the timeout, and not before', async () => {
  const source = new Lines().give(undefined, 'a:1 x')
  const { job, seen, later } = watch(source, { start, timeout: 100 })
  await later(99)
  source.give(undefined, 'a:2  at f')
  await later(99)
  expect(seen).toEqual([])
  await later(1)
  expect(seen).toEqual(['a:1 x/ at f'])
  source.give(undefined, 'a:3  at g')
  await later(50)
  source.give(undefined, 'b:1 y')
  await later(50)
  expect(seen).toEqual(['a:1 x/ at f', 'a:3  at g'])
  await later(50)
  expect(seen).toEqual(['a:1 x/ at f', 'a:3  at g', 'b:1 y'])
  expect(job.metrics().operators).toMatchObject([{ in: 4, contributed: 4, held: 0 }])
  await job.stop()
})

test('a record does not wait in vain for what is there and was not read', async () => {
  const source = new Lines().give(peer(true), 'a:1 x').give(peer(false), 'b:1 y')
  const { job, seen, later } = watch(source, { start, timeout: 100 })
  await later(1_000)
  expect(seen).toEqual(['b:1 y'])
  await job.drain()
  expect(seen).toEqual(['b:1 y', 'a:1 x'])
})

test('a record leaves when its connection closes, and counts for its watermark', async () => {
  const one = peer()
  const two = peer()
  const source = new Lines().give(one).give(two)
  const seen: unknown[] = []
  const events = source.values.pipe(
    multiline({ start }),
    rxMap(({ text }) => text),
    assignTimestamps((text) => Number(text.split('\n')[0]), monotonous()),
    filter((element) => element.kind !== 'idle'),
  )
  const job = run(events, (element) => void seen.push(element.kind === 'event' ? element.value : `~${element.time}`))
  source.give(one, 'a:1 5', 'a:2  x').give(two, 'b:1 3', 'b:2 4').last(one).give(two, 'b:3 9').last(two).end()
  await job.done
  expect(seen).toEqual(['3', '5\n x', '~3', '4', '~4', '9', '~9', '~Infinity'])
})

test('lines of two connections are not joined, though they have one name', async () => {
  const one = peer()
  const { job, seen } = watch(
    new Lines().give(one, 'a:1 x').last(one).give(peer(), 'a:2  at f').give(peer(), 'a:3  at g').end(),
  )
  await job.done
  expect(seen).toEqual(['a:1 x', 'a:2  at f', 'a:3  at g'])
})

test('a record that is too long loses what is beyond, which is refused', async () => {
  const refused = sideOutput<DeadLetter>('dead letters')
  const letters: DeadLetter[] = []
  const seen: string[] = []
  const source = new Lines()
    .give(undefined, 'a:1 0123456789', 'a:2  0123', 'a:3  01', 'a:4 ', 'a:5 next', 'a:6  01')
    .end()
  const { operators } = await run([
    route(source.values.pipe(multiline({ start, maxBytes: 16, refused })), (each) => void seen.push(shown(each))),
    route(refused, (letter) => void letters.push(letter)),
  ]).done
  expect(seen).toEqual(['a:1 0123456789/ 0123', 'a:5 next/ 01'])
  const reason = 'the record is longer than 16 bytes'
  expect(letters).toEqual([
    { source: 'a', number: 3, offset: 0, byteLength: 3, text: ' 01', reason },
    { source: 'a', number: 4, offset: 0, byteLength: 0, text: '', reason },
  ])
  expect(operators).toMatchObject([{ in: 6, contributed: 4, refused: 2 }])
})

test('a first line may be of any length, and the limit counts bytes and line feeds', async () => {
  const lines = ['a:1 01234567890123456789', 'a:2  x', 'a:3 012345678', 'a:4  ü34', 'a:5 012345678', 'a:6  ü345']
  const { job, seen } = watch(new Lines().give(undefined, ...lines).end(), { start, maxBytes: 15 })
  await job.done
  expect(seen).toEqual(['a:1 01234567890123456789', 'a:3 012345678/ ü34', 'a:5 012345678'])
})

test('what is held is in a checkpoint: of a file it waits for the file, of a connection that has gone it leaves', async () => {
  const durable = nothingDurable()
  const first = new Lines()
    .give(peer(false, 'file'), 'f:1 x', 'f:2  at f')
    .give(peer(), 'c:1 y')
    .give(undefined, 'n:1 z')
  const before = watch(first, { start, timeout: 100 }, durable)
  await turns()
  await before.job.stop()
  expect(before.seen).toEqual([])

  const second = new Lines()
  const { job, seen, later } = watch(second, { start, timeout: 100 }, durable, 5_000)
  await later(1)
  expect(seen).toEqual(['c:1 y'])
  await later(99)
  expect(seen).toEqual(['c:1 y', 'n:1 z'])
  await later(1_000)
  const file = peer(false, 'file')
  second.give(file, 'f:3  at g').last(file)
  await later(0)
  expect(seen).toEqual(['c:1 y', 'n:1 z', 'f:1 x/ at f/ at g'])
  const { balanced } = job.metrics()
  expect(balanced).toBe(true)
  await job.stop()
})

test('a record may come back as a line', async () => {
  const back = new Subject<Line>()
  const seen: string[] = []
  back.pipe(multiline({ start })).subscribe((each) => {
    seen.push(shown(each))
    if (seen.length === 1) back.next(line('a:3  at g'))
  })
  for (const text of ['a:1 x', 'a:2 y', 'a:4 z']) back.next(line(text))
  back.complete()
  await turns()
  expect(seen).toEqual(['a:1 x', 'a:2 y/ at g', 'a:4 z'])
})

test.each([
  [{}, 'multiline: expected a regular expression as start or as continuation, got undefined and undefined'],
  [{ start, continuation: start }, 'multiline: expected a regular expression as start or as continuation'],
  [{ start, timeout: 0 }, 'multiline: timeout must be > 0, got 0'],
  [{ start, maxBytes: -1 }, 'multiline: maxBytes must be a whole number of bytes'],
])('options that are none are refused at once: %j', (options, message) => {
  expect(() => multiline(options)).toThrow(message)
})

test('an id names it', async () => {
  const { operators } = await run(new Lines().end().values.pipe(multiline({ start, id: 'traces' })), () => {}).done
  expect(operators).toMatchObject([{ id: 'traces', name: 'multiline' }])
})
