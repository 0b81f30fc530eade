import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NEVER } from 'rxjs'
import { afterAll, describe, expect, test } from 'vitest'
import { ndjsonFile, partFiles } from '../../adapters/file/index.ts'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { lmdbStore } from '../../adapters/lmdb/index.ts'
import { aggregate, assignTimestamps, type Change, changes, keyBy } from '../../operators/index.ts'
import { sum } from '../aggregates/sum.ts'
import type { CheckpointOptions } from '../checkpoint/checkpoint-options.ts'
import { DurableSink, Fate } from '../checkpoint/fixtures/crashing.ts'
import { messageOf } from '../errors.ts'
import { failureOf } from '../fixtures/failure.ts'
import { turns } from '../fixtures/turns.ts'
import { run, type RunningJob } from '../run.ts'
import type { Observable } from '../rx.ts'
import { monotonous } from '../watermarks/monotonous.ts'

const root = mkdtempSync(join(tmpdir(), 'tidemark-'))
afterAll(() => rmSync(root, { recursive: true }))

let places = 0
/** A path that nobody has used. */
function place(): string {
  places += 1
  return join(root, `${places}`)
}

const size = 200
const numbers = fromIterable(
  Array.from({ length: size }, (_, n) => n),
  { chunkSize: 4 },
)

function totals(source: Observable<number> = numbers): Observable<Change<number, number>> {
  return source.pipe(
    assignTimestamps((n) => n, monotonous()),
    keyBy((n) => n % 3),
    aggregate(sum(), { keep: 'forever' }),
    changes(),
  )
}

function start(written: unknown[], checkpoint: CheckpointOptions, source?: Observable<number>): RunningJob {
  return run(totals(source), new DurableSink(written, new Fate()), { batchSize: 8, checkpoint })
}

async function whole(): Promise<readonly unknown[]> {
  const written: unknown[] = []
  await run(totals(), (value) => void written.push(value)).done
  return written
}

/** Waits until a job has written so many values since it was started. */
async function reached(job: RunningJob, count: number): Promise<void> {
  while ((job.metrics().sinks[0]?.written ?? 0) < count) await turns(1)
}

/** Runs until so many values have been written, and stops with a savepoint. */
async function stoppedAt(path: string, written: unknown[], dir = place(), count = 20): Promise<void> {
  const job = start(written, { dir })
  await reached(job, count)
  await job.stop({ savepoint: path })
  expect(written.length).toBeLessThan(size)
}

describe('a job', () => {
  test('that is stopped with a savepoint goes on elsewhere, with another store', async () => {
    const [path, written] = [place(), new Array<unknown>()]
    await stoppedAt(path, written)
    const next = place()
    const job = start(written, { dir: place(), from: path, store: lmdbStore })
    await reached(job, 20)
    await job.stop({ savepoint: next })
    expect(written.length).toBeLessThan(size)
    await start(written, { dir: place(), from: next }).done
    expect(written).toEqual(await whole())
  })

  test('goes on after a savepoint, and so does another one from it', async () => {
    const [path, written, others] = [place(), new Array<unknown>(), new Array<unknown>()]
    const job = start(written, { dir: place() })
    await reached(job, 12)
    await job.savepoint(path)
    others.push(...written, 'what came after it')
    const metrics = await job.done
    expect(metrics.balanced).toBe(true)
    expect(written).toEqual(await whole())
    await start(others, { dir: place(), from: path }).done
    expect(others).toEqual(written)
  })

  test('that waits for its source is woken for a savepoint, and several are one checkpoint', async () => {
    const [one, other] = [place(), place()]
    const job = start([], { dir: place(), every: '1h' }, NEVER)
    await job.savepoint(one)
    await turns(20)
    await Promise.all([job.savepoint(one), job.savepoint(other)])
    expect(readFileSync(one)).toEqual(readFileSync(other))
    await job.stop()
  })

  test('that is restarted with the same options goes on from its folder, whatever has become of the savepoint', async () => {
    const [path, dir, written] = [place(), place(), new Array<unknown>()]
    await stoppedAt(path, written)
    const checkpoint = { dir, from: path }
    const lengths: number[] = []
    for (const isThere of [true, true, false]) {
      if (!isThere) rmSync(path)
      const job = start(written, checkpoint)
      await reached(job, 10)
      await job.stop()
      lengths.push(written.length)
    }
    // None of them began with the savepoint again.
    expect(lengths).toEqual(lengths.toSorted((a, b) => a - b))
    expect(new Set(lengths).size).toBe(3)
    await start(written, checkpoint).done
    expect(written).toEqual(await whole())
  })

  test('that ends writes the savepoint with its last checkpoint', async () => {
    const [path, written] = [place(), new Array<unknown>()]
    const job = start(written, { dir: place() })
    const saved = job.savepoint(path)
    await job.done
    await saved
    await start(written, { dir: place(), from: path }).done
    expect(written).toEqual(await whole())
  })
})

describe('files', () => {
  test('that are at hand are taken back to the savepoint', async () => {
    const [path, output] = [place(), place()]
    const job = run(totals(), ndjsonFile(output), { batchSize: 8, checkpoint: { dir: place() } })
    await reached(job, 12)
    await job.savepoint(path)
    await job.done
    const expected = readFileSync(output, 'utf8')
    await run(totals(), ndjsonFile(output), { checkpoint: { dir: place(), from: path } }).done
    expect(readFileSync(output, 'utf8')).toBe(expected)
    expect(expected.split('\n')).toHaveLength((await whole()).length + 1)
  })

  test('that are not are missed, unless another one is begun', async () => {
    const [path, output, another] = [place(), place(), place()]
    const job = run(totals(), ndjsonFile(output), { batchSize: 8, checkpoint: { dir: place() } })
    await reached(job, 12)
    await job.stop({ savepoint: path })
    const first = readFileSync(output, 'utf8')
    rmSync(output)
    const moved = run(totals(), ndjsonFile(output), { checkpoint: { dir: place(), from: path } })
    expect(await failureOf(moved.done)).toMatchObject({
      code: 'output',
      message: `ndjsonFile(${output}): expected the ${first.length} bytes of the checkpoint, got no file`,
    })
    const drop = [ndjsonFile(output).name]
    await run(totals(), ndjsonFile(another), { checkpoint: { dir: place(), from: path, drop } }).done
    const all = (await whole()).map((value) => `${JSON.stringify(value)}\n`).join('')
    expect(first + readFileSync(another, 'utf8')).toBe(all)
  })

  test('in parts lose those that came later, though they were published', async () => {
    const [path, folder] = [place(), place()]
    const contents = (): string =>
      readdirSync(folder)
        .map((name) => readFileSync(join(folder, name), 'utf8'))
        .join('')
    const parts = partFiles(folder, { maxBytes: 200 })
    const job = run(totals(), parts, { batchSize: 8, checkpoint: { dir: place(), every: 1 } })
    await reached(job, 12)
    await job.savepoint(path)
    await job.done
    const expected = contents()
    await run(totals(), partFiles(folder), { checkpoint: { dir: place(), from: path } }).done
    expect(contents()).toBe(expected)
    expect(expected.split('\n')).toHaveLength((await whole()).length + 1)
  })

  test('in parts go on with the next part, wherever the others are', async () => {
    const [path, folder] = [place(), place()]
    const contents = (): string[] => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
    const job = run(totals(), partFiles(folder), { batchSize: 8, checkpoint: { dir: place() } })
    await reached(job, 12)
    await job.stop({ savepoint: path })
    const first = contents()
    rmSync(folder, { recursive: true })
    await run(totals(), partFiles(folder), { checkpoint: { dir: place(), from: path } }).done
    expect(readdirSync(folder)).not.toContain('part-00000001.ndjson')
    const all = (await whole()).map((value) => `${JSON.stringify(value)}\n`).join('')
    expect([...first, ...contents()].join('')).toBe(all)
  })
})

describe('refuses', () => {
  const otherwise = (path: string): string =>
    `run: expected checkpoint.dir to be empty or to have begun from '${path}', got checkpoints that have not; take another folder, or leave out checkpoint.from to go on from them`

  test('a folder with checkpoints that did not begin with the savepoint, and leaves them as they are', async () => {
    const [path, dir, written] = [place(), place(), new Array<unknown>()]
    await stoppedAt(path, written, dir)
    const before = [...written]
    expect(await failureOf(start(written, { dir, from: path }).done)).toMatchObject({
      code: 'checkpoint',
      message: otherwise(path),
    })
    expect(written).toEqual(before)
    await start(written, { dir }).done
    expect(written).toEqual(await whole())
  })

  test('a folder that began with another savepoint of the same path, or with one that is not there', async () => {
    const [path, dir, written] = [place(), place(), new Array<unknown>()]
    await stoppedAt(path, written)
    await start(written, { dir, from: path }).done
    await stoppedAt(path, [], place(), 30)
    expect(await failureOf(start(written, { dir, from: path }).done)).toMatchObject({ message: otherwise(path) })
    const missing = place()
    expect(await failureOf(start(written, { dir, from: missing }).done)).toMatchObject({ message: otherwise(missing) })
  })

  test.each([
    ['is not there', undefined, 'ENOENT'],
    ['is something else', Buffer.from('a text'), 'something else in'],
    ['is cut off', 'cut', 'damaged or cut off'],
  ])('a savepoint that %s, and leaves the folder without a checkpoint', async (_, content, message) => {
    const [path, dir, written] = [place(), place(), new Array<unknown>()]
    await stoppedAt(path, written)
    const bytes = readFileSync(path)
    if (content === undefined) rmSync(path)
    else writeFileSync(path, content === 'cut' ? bytes.subarray(0, -1) : content)
    const failure = await failureOf(start(written, { dir, from: path }).done)
    expect(failure).toMatchObject({ code: 'checkpoint' })
    expect(messageOf(failure)).toContain(message)
    writeFileSync(path, bytes)
    await start(written, { dir, from: path }).done
    expect(written).toEqual(await whole())
  })

  test('to write one where that is not possible, and goes on', async () => {
    const [written, path] = [new Array<unknown>(), join(root, 'no', 'such', 'folder')]
    const job = start(written, { dir: place() })
    const failure = await failureOf(job.savepoint(path))
    expect(failure).toMatchObject({ code: 'checkpoint' })
    expect(messageOf(failure)).toContain(`savepoint: can't write '${path}': ENOENT`)
    await job.done
    expect(written).toEqual(await whole())
  })

  test('to stop without a word when it can not be written; the checkpoint is there', async () => {
    const [written, dir] = [new Array<unknown>(), place()]
    const job = start(written, { dir })
    await reached(job, 12)
    expect(await failureOf(job.stop({ savepoint: root }))).toMatchObject({ code: 'checkpoint' })
    await job.done
    await start(written, { dir }).done
    expect(written).toEqual(await whole())
  })

  test('one of a job that is over, has failed, or takes no checkpoints', async () => {
    const path = place()
    const over = start([], { dir: place() })
    await over.done
    const failing = totals(
      fromIterable(
        (function* () {
          yield 1
          throw new Error('boom')
        })(),
      ),
    )
    const failed = run(failing, () => {}, { checkpoint: { dir: place() } })
    const tooLate = {
      code: 'checkpoint',
      message: `savepoint: expected a job at work to write '${path}', got one that is over`,
    }
    expect(await failureOf(over.savepoint(path))).toMatchObject(tooLate)
    await failureOf(failed.done)
    expect(await failureOf(failed.savepoint(path))).toMatchObject(tooLate)
    expect(await failureOf(failed.stop({ savepoint: path }))).toMatchObject({ code: 'input' })
    const hopeless = start([], { dir: place(), from: place() })
    const pending = failureOf(hopeless.savepoint(path))
    await failureOf(hopeless.done)
    expect(await pending).toMatchObject(tooLate)
    const without = run(numbers, () => {})
    expect(await failureOf(without.savepoint(path))).toMatchObject({
      code: 'checkpoint',
      message: `savepoint: expected a job with the option 'checkpoint', got one without`,
    })
    await without.done
  })

  test.each([
    [{ dir: 'x', from: '' }, "run: checkpoint.from must be the path of a savepoint, got ''"],
    [{ dir: 'x', from: 7 as unknown as string }, 'run: checkpoint.from must be the path of a savepoint, got 7'],
  ])('options that are none: %j', async (checkpoint, message) => {
    expect(() => run(numbers, () => {}, { checkpoint })).toThrow(message)
  })

  test('a path that is none', async () => {
    const job = start([], { dir: place() })
    expect(await failureOf(job.savepoint(''))).toMatchObject({
      code: 'invalid-argument',
      message: "savepoint: expected the path of a file, got ''",
    })
    await job.done
  })
})
