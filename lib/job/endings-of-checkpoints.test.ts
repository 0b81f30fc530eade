// However a job with checkpoints ends, before, amid or after a checkpoint: its source, its sink and its store are closed once, the first
// error arrives as it is, and what was committed last is intact.
import { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { map, type Observable } from 'rxjs'
import { expect, test } from 'vitest'
import { from, toWritable } from '../../adapters/node-stream/index.ts'
import { type Durable, Fate, MemoryStore, nothingDurable } from '../checkpoint/fixtures/crashing.ts'
import { failureOf } from '../fixtures/failure.ts'
import { turns } from '../fixtures/turns.ts'
import { unhandledRejections } from '../fixtures/unhandled-rejections.ts'
import { run, type RunningJob, type RunOptions } from '../run.ts'
import type { Sink } from '../sink.ts'
import type { Commit, Recovered } from '../state/state-store.ts'
import { defineSource } from '../wiring/source.ts'

/** What a test does where a job has come to a place: it may throw, or take its time. */
type Places = Partial<Record<'open' | 'commit' | 'committed' | 'close store' | Place, () => unknown>>
type Place = 'read' | 'close source' | 'recover' | 'write' | 'prepare' | 'publish' | 'close sink'

/** A job whose every part tells that it has been closed. */
class TestedJob {
  readonly closed: string[] = []
  readonly reasons: unknown[] = []
  readonly written: number[] = []
  readonly durable: Durable = nothingDurable()
  readonly #places: Places

  constructor(places: Places) {
    this.#places = places
  }

  async at(place: keyof Places): Promise<void> {
    await this.#places[place]?.()
  }

  run(options: RunOptions = {}, operator: (n: number) => number = (n) => n): RunningJob {
    const checkpoint = { dir: 'memory', every: 1, store: () => new TestedStore(this) }
    return run(this.#source().pipe(map(operator)), this.#sink(), { batchSize: 2, ...options, checkpoint })
  }

  #source(): Observable<number> {
    return defineSource<number>({
      name: 'numbers',
      open: (_, position) => {
        let next = Number(position ?? 0)
        return {
          read: async () => {
            await this.at('read')
            const position = next++
            return position < 500 ? { values: [position], position } : undefined
          },
          close: async () => {
            this.closed.push('source')
            await this.at('close source')
          },
        }
      },
    })
  }

  #sink(): Sink<number> {
    return {
      name: 'sink',
      recover: () => this.at('recover'),
      write: async (values) => {
        await this.at('write')
        this.written.push(...values)
      },
      prepare: async () => {
        await this.at('prepare')
        return this.written.length
      },
      commit: () => this.at('publish'),
      close: async (reason) => {
        this.closed.push('sink')
        this.reasons.push(reason)
        await this.at('close sink')
      },
    }
  }
}

class TestedStore extends MemoryStore {
  readonly #job: TestedJob

  constructor(job: TestedJob) {
    super(job.durable, new Fate())
    this.#job = job
  }

  override async open(): Promise<Recovered | undefined> {
    await this.#job.at('open')
    return await super.open()
  }

  override async commit(commit: Commit): Promise<void> {
    await this.#job.at('commit')
    await super.commit(commit)
    await this.#job.at('committed')
  }

  override async close(): Promise<void> {
    this.#job.closed.push('store')
    await this.#job.at('close store')
  }
}

const boom = new Error('boom')

function fail(): never {
  throw boom
}

/** Does something at the third time. */
function third(work: () => unknown): () => unknown {
  let count = 0
  return () => (++count === 3 ? work() : undefined)
}

/** What a job fails with, once: nothing of it is rejected where nobody looks. */
async function failureOnce(job: () => RunningJob): Promise<unknown> {
  let failure: unknown
  const rejections = await unhandledRejections(async () => {
    failure = await failureOf(job().done)
  })
  expect(rejections).toEqual([])
  return failure
}

const own = (code: string): unknown => expect.objectContaining({ code, cause: boom })

test.each<readonly [string, Places, unknown]>([
  ['the store can not be opened', { open: fail }, boom],
  ['the sink can not be brought back', { recover: fail }, own('output')],
  ['the first checkpoint can not be written', { commit: fail }, boom],
  ['a checkpoint can not be written', { commit: third(fail) }, boom],
  ['a checkpoint is written, and fails nevertheless', { committed: third(fail) }, boom],
  ['the sink can not be prepared', { prepare: third(fail) }, own('output')],
  ['the sink can not publish', { publish: third(fail) }, own('output')],
  ['the sink fails', { write: third(fail) }, own('output')],
  ['the source fails', { read: third(fail) }, own('input')],
  ['the source can not be closed', { 'close source': fail }, own('input')],
  ['the sink can not be closed', { 'close sink': fail }, own('output')],
  ['the store can not be closed', { 'close store': fail }, boom],
])('%s', async (_, places, expected) => {
  const job = new TestedJob(places)
  const failure = await failureOnce(() => job.run())
  expect(failure).toEqual(expected)
  expect(job.closed.toSorted()).toEqual(['sink', 'source', 'store'])
  // The next run goes on from the last checkpoint.
  const { epoch } = job.durable
  const again = new TestedJob({})
  Object.assign(again.durable, job.durable)
  for (const [table, cells] of job.durable.cells) again.durable.cells.set(table, cells)
  const { sources } = await again.run().done
  expect(again.durable.epoch).toBeGreaterThan(epoch ?? 0)
  expect(sources[0]?.ended).toBe(true)
})

test.each<readonly [string, Places]>([
  ['the source can not be closed', { 'close source': fail }],
  ['the sink can not be closed', { 'close sink': fail }],
  ['the store can not be closed', { 'close store': fail }],
])('an error that came first is the one that is told when %s', async (_, places) => {
  const first = new Error('first')
  const job = new TestedJob(places)
  const failing = (n: number): number => {
    if (n === 7) throw first
    return n
  }
  expect(await failureOnce(() => job.run({}, failing))).toBe(first)
  expect(job.reasons).toEqual([first])
  expect(job.closed.toSorted()).toEqual(['sink', 'source', 'store'])
})

test.each<keyof Places>(['open', 'recover', 'prepare', 'commit', 'committed', 'publish'])(
  'an abort amid %s waits until that is done, and stops the job',
  async (place) => {
    const controller = new AbortController()
    const reason = new Error('enough')
    let goOn = (): void => {}
    const job = new TestedJob({ [place]: () => new Promise<void>((resolve) => (goOn = resolve)) })
    let isOver = false
    const failure = failureOnce(() => job.run({ signal: controller.signal })).finally(() => (isOver = true))
    await turns(5)
    controller.abort(reason)
    await turns(5)
    expect([isOver, job.closed]).toEqual([false, []])
    // It may come there once more, when it stops.
    const going = setInterval(() => goOn(), 1)
    expect(await failure).toBe(reason)
    clearInterval(going)
    expect(job.closed.toSorted()).toEqual(['sink', 'source', 'store'])
    expect(job.durable.epoch).toBeGreaterThan(0)
  },
)

test('an abort before the store is opened', async () => {
  const job = new TestedJob({})
  const reason = new Error('enough')
  expect(await failureOnce(() => job.run({ signal: AbortSignal.abort(reason) }))).toBe(reason)
  expect(job.closed.toSorted()).toEqual(['sink', 'source', 'store'])
  expect(job.written).toEqual([])
})

test('an error amid an abort is told in place of its reason', async () => {
  const controller = new AbortController()
  const job = new TestedJob({
    recover() {
      controller.abort(new Error('enough'))
      fail()
    },
  })
  expect(await failureOnce(() => job.run({ signal: controller.signal }))).toEqual(own('output'))
  expect(job.closed.toSorted()).toEqual(['sink', 'source', 'store'])
})

test('a job whose store can not be opened closes what it was given', async () => {
  const readable = Readable.from([1, 2, 3])
  const writable = new Writable({ objectMode: true, write: (_chunk, _encoding, done) => done() })
  const file = fileURLToPath(import.meta.url)
  const job = run(from(readable), toWritable(writable), { checkpoint: { dir: `${file}/no-folder` } })
  expect(await failureOf(job.done)).toMatchObject({ code: 'checkpoint' })
  expect([readable.destroyed, writable.destroyed]).toEqual([true, true])
})
