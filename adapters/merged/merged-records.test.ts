import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  Crash,
  DurableSink,
  type Durable,
  Fate,
  MemoryStore,
  nothingDurable,
} from '../../lib/checkpoint/fixtures/crashing.ts'
import { VirtualClock } from '../../lib/clock.ts'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { openDescriptors } from '../../lib/fixtures/open-descriptors.ts'
import { route, run } from '../../lib/run.ts'
import { sideOutput } from '../../lib/wiring/side-output.ts'
import { csv } from '../format/csv.ts'
import { json } from '../format/json.ts'
import { syslog } from '../format/syslog.ts'
import type { SyslogMessage } from '../format/syslog-message.ts'
import type { DeadLetter } from '../line/dead-letter.ts'
import { type MergedFiles, mergedRecords } from './merged-records.ts'

let folder = ''
const at = (name: string): string => join(folder, name)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-merged-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

function file(name: string, content: string | Buffer, modified?: string): string {
  writeFileSync(at(name), content)
  if (modified !== undefined) utimesSync(at(name), new Date(modified), new Date(modified))
  return at(name)
}

const hit = (time: number): string => `{"at":${time}}\n`
const hits = (...times: number[]): string => times.map(hit).join('')

interface Hit {
  readonly at: number
}

const timeOf = (record: Hit): number => record.at

async function timesOf(paths: string | readonly string[]): Promise<number[]> {
  const all = await lastValueFrom(mergedRecords({ paths, parser: json<Hit>() }, timeOf).pipe(toArray()))
  return all.map(timeOf)
}

test('zones, a year that is not said, new year, and gzip', async () => {
  const ofBerlin = {
    paths: file('berlin', 'Dec 31 23:59:58 b app: b1\nJan  1 00:30:00 b app: b2\n'),
    start: Date.UTC(2025, 11, 31),
  }
  const ofTokyo = file(
    'tokyo',
    gzipSync('<13>1 2026-01-01T07:59:59+09:00 t app - - - t1\n<13>1 2026-01-01T08:10:00+09:00 t app - - - t2\n'),
  )
  const ofUtc = file('utc', 'Dec 31 2025 23:00:00 u app: u1\nDec 31 2025 23:29:59 u app: u2\n')
  const messages = mergedRecords<SyslogMessage>(
    [
      { ...ofBerlin, parser: (now) => syslog({ zone: 'Europe/Berlin', now }) },
      { paths: ofTokyo, parser: syslog() },
      { paths: ofUtc, parser: (now) => syslog({ now }) },
    ],
    ({ time }) => time,
  )
  const all = await lastValueFrom(messages.pipe(toArray()))
  expect(all.map(({ time, message }) => `${new Date(time).toISOString().slice(0, 19)} ${message}`)).toEqual([
    '2025-12-31T22:59:58 b1',
    '2025-12-31T22:59:59 t1',
    '2025-12-31T23:00:00 u1',
    '2025-12-31T23:10:00 t2',
    '2025-12-31T23:29:59 u2',
    '2025-12-31T23:30:00 b2',
  ])
})

test.each([
  ['a start', { start: Date.UTC(2019, 0, 20) }, '2026-06-01', ['2019-02-03', '2019-07-09', '2019-12-31', '2020-06-01']],
  [
    'a start of each',
    { start: () => Date.UTC(2019, 0, 20) },
    '2026-06-01',
    ['2019-02-03', '2019-07-09', '2019-12-31', '2020-06-01'],
  ],
  ['the time of the last change', {}, '2026-06-01T12:00Z', ['2026-02-03', '2026-07-09', '2026-12-31', '2027-06-01']],
  [
    'the time of the last change, early in a year',
    {},
    '2026-02-02T12:00Z',
    ['2025-02-03', '2025-07-09', '2025-12-31', '2026-06-01'],
  ],
])('the year is told by %s, and by the record before', async (_, options, modified, expected) => {
  const path = file(
    'log',
    'Feb  3 00:00:00 h a: 1\nJul  9 00:00:00 h a: 2\nDec 31 00:00:00 h a: 3\nJun  1 00:00:00 h a: 4\n',
    modified,
  )
  const group: MergedFiles<SyslogMessage> = { paths: path, parser: (now) => syslog({ now }), ...options }
  const all = await lastValueFrom(mergedRecords(group, ({ time }) => time).pipe(toArray()))
  expect(all.map(({ time }) => new Date(time).toISOString().slice(0, 10))).toEqual(expected)
})

test('no files with anything in them, one, and many', async () => {
  expect(await timesOf(file('none', ''))).toEqual([])
  expect(await timesOf([file('one', hits(1, 2)), at('none')])).toEqual([1, 2])
  for (let i = 0; i < 100; i++) file(`many-${i}`, hits(i, i + 1))
  const all = Array.from({ length: 100 }, (_, i) => [i, i + 1]).flat()
  expect(await timesOf(at('many-*'))).toEqual(all.toSorted((a, b) => a - b))
})

test('equal times leave in the order in which the files were given, and of a glob by their names', async () => {
  const paths = [
    file('b', '{"at":1,"id":"b"}\n'),
    file('a1', '{"at":1,"id":"a1"}\n{"at":1,"id":"a1 too"}\n'),
    file('a2', '{"at":1,"id":"a2"}\n'),
  ]
  const all = mergedRecords(
    [
      { paths: paths[0] ?? '', parser: json<{ at: number; id: string }>() },
      { paths: at('a?'), parser: json<{ at: number; id: string }>() },
    ],
    (record) => record.at,
  )
  expect((await lastValueFrom(all.pipe(toArray()))).map(({ id }) => id)).toEqual(['b', 'a1', 'a1 too', 'a2'])
})

test('what is refused is counted, and handed over with its place and reason', async () => {
  const path = file('log', `${hit(1)}oops\n{"at":1.5}\n${'x'.repeat(70)}\n${hit(2)}`)
  const refused = sideOutput<DeadLetter>('dead letters')
  const letters: DeadLetter[] = []
  const records = mergedRecords({ paths: path, parser: json<Hit>() }, timeOf, { refused, maxLineBytes: 64 })
  const metrics = await run([route(records, () => {}), route(refused, (letter) => void letters.push(letter))]).done
  expect(letters).toEqual([
    { source: path, number: 2, offset: 9, byteLength: 4, text: 'oops', reason: "JSON: Unexpected token 'o'" },
    {
      source: path,
      number: 3,
      offset: 14,
      byteLength: 10,
      text: '{"at":1.5}',
      reason: 'expected an event time in whole milliseconds since the epoch, got 1.5',
    },
    { source: path, number: 4, offset: 25, byteLength: 70, reason: 'longer than 64 bytes' },
  ])
  expect(metrics.operators).toMatchObject([{ id: 'mergedRecords', in: 5, refused: 3, contributed: 2 }])
})

test.each([
  [[], {}, 'mergedRecords: expected at least one path, got none'],
  ['x', { maxFiles: 0 }, 'mergedRecords: maxFiles must be a whole number > 0, got 0'],
  ['x', { maxLineBytes: 0 }, 'mergedRecords: maxLineBytes must be a whole number of bytes'],
  ['x', { chunkBytes: 0.5 }, 'mergedRecords: chunkBytes must be a whole number of bytes'],
])('what it can not work with is refused at once: %j %j', (paths, options, message) => {
  const build = (): unknown => mergedRecords({ paths, parser: json<Hit>() }, timeOf, options)
  expect(build).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(message) as unknown }),
  )
})

test('files that can not be merged are errors of the job', async () => {
  const path = file('a', hits(1, 2))
  file('b', hits(1, 2))
  mkdirSync(at('folder'))
  spawnSync('sh', ['-c', `mkfifo '${at('pipe')}'`])
  const failure = (paths: string | readonly string[], options = {}): Promise<unknown> =>
    failureOf(run(mergedRecords({ paths, parser: json<Hit>() }, timeOf, options), () => {}).done)
  for (const [paths, options, message] of [
    [at('none'), {}, `mergedRecords: expected a file at '${at('none')}', got ENOENT`],
    [at('none*'), {}, 'mergedRecords: expected files that match'],
    [at('folder'), {}, 'got a directory'],
    [at('pipe'), {}, 'got something that can be read but once'],
    [[path, at('?')], {}, `mergedRecords: expected each file once, got '${path}' twice`],
    [at('?'), { maxFiles: 1 }, 'mergedRecords: expected at most 1 files (maxFiles), got more'],
  ] as const) {
    expect(await failure(paths, options)).toMatchObject({
      code: 'input',
      message: expect.stringContaining(message) as unknown,
    })
  }
  expect(await failure(file('bad', 'oops\n'), { strict: true })).toMatchObject({
    code: 'unparsable',
    message: expect.stringContaining(`${at('bad')}:1`) as unknown,
  })
})

test('what timeOf throws is an error of the job', async () => {
  const cause = new Error('no')
  const records = mergedRecords({ paths: file('a', hits(1)), parser: json<Hit>() }, () => {
    throw cause
  })
  expect(await failureOf(run(records, () => {}).done)).toMatchObject({ code: 'callback', cause })
})

test('a file that breaks off is an error with its place, behind all before it', async () => {
  const zipped = gzipSync(hits(1, 2, 3))
  const paths = [file('a.gz', zipped.subarray(0, -8)), file('b', hits(2, 4))]
  const seen: number[] = []
  const failed = failureOf(
    run(mergedRecords({ paths, parser: json<Hit>() }, timeOf), ({ at }) => void seen.push(at)).done,
  )
  expect(await failed).toMatchObject({
    code: 'input',
    message: expect.stringContaining(
      `mergedRecords: expected to read on in '${paths[0]}' behind line 3 (byte 27), got gzip`,
    ) as unknown,
  })
})

test('descriptors are closed at the end, and earlier', async () => {
  const before = openDescriptors()
  for (let i = 0; i < 10; i++) file(`f${i}`, hits(...Array.from({ length: 5_000 }, (_, at) => at)))
  file('g.gz', gzipSync(hits(...Array.from({ length: 5_000 }, (_, at) => at))))
  await firstValueFrom(mergedRecords({ paths: at('*'), parser: json<Hit>() }, timeOf, { chunkBytes: 1_000 }))
  await expect.poll(openDescriptors).toBe(before)
  await timesOf(at('*'))
  await expect.poll(openDescriptors).toBe(before)
})

/** Runs until so many records have been seen, or to the end. */
async function seenBy<T extends object>(
  durable: Durable,
  files: MergedFiles<T>,
  time: (record: T) => number,
  most = Infinity,
): Promise<T[]> {
  const seen: T[] = []
  const checkpoint = { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) }
  const job = run(
    mergedRecords(files, time, { chunkBytes: 7 }),
    (record) => {
      seen.push(record)
      if (seen.length === most) void job.stop()
    },
    { batchSize: 1, checkpoint },
  )
  await job.done
  return seen
}

test('a file that was renamed between two runs is known again, and one that has come is not read', async () => {
  file('app.log', hits(1, 4))
  file('app.log.1', hits(2, 5))
  const durable = nothingDurable()
  const files = { paths: at('app.log*'), parser: json<Hit>() }
  expect(await seenBy(durable, files, timeOf, 2)).toEqual([{ at: 1 }, { at: 2 }])
  renameSync(at('app.log.1'), at('app.log.2'))
  renameSync(at('app.log'), at('app.log.1'))
  file('app.log', hits(3, 6))
  expect(await seenBy(durable, files, timeOf)).toEqual([{ at: 4 }, { at: 5 }])
})

test('a file that was replaced by a copy is known by its path, and one that has gone is an error', async () => {
  file('a', hits(1, 3))
  file('b', hits(2, 4))
  const durable = nothingDurable()
  const files = { paths: at('?'), parser: json<Hit>() }
  await seenBy(durable, files, timeOf, 2)
  // Kept, so that no other file gets its inode.
  renameSync(at('a'), at('kept'))
  file('a', hits(1, 3))
  expect(await seenBy(durable, files, timeOf, 1)).toEqual([{ at: 3 }])
  rmSync(at('b'))
  expect(await failureOf(seenBy(durable, files, timeOf))).toMatchObject({
    code: 'input',
    message: `mergedRecords: expected the file that the checkpoint names, '${at('b')}', got none`,
  })
})

test('what is written after the start is not read, and what is cut off is an error', async () => {
  file('a', hits(1))
  file('b.gz', gzipSync(hits(2, 4)))
  const durable = nothingDurable()
  const files = { paths: at('?*'), parser: json<Hit>() }
  expect(await seenBy(durable, files, timeOf, 2)).toEqual([{ at: 1 }, { at: 2 }])
  appendFileSync(at('a'), hits(0, 3))
  appendFileSync(at('b.gz'), gzipSync(hits(5)))
  file('c', hits(0, 6))
  expect(await seenBy(durable, files, timeOf, 1)).toEqual([{ at: 4 }])
  file('a', '')
  expect(await failureOf(seenBy(durable, files, timeOf))).toMatchObject({
    code: 'input',
    message: `mergedRecords: expected the 9 bytes of '${at('a')}' that the checkpoint names, got 0`,
  })
})

test('a header is known, and the year, in a file that is read on', async () => {
  file('a.csv', 'at,id\n1,a\n3,b\n')
  file('b.csv', 'id,at\nc,2\nd,4\n')
  const durable = nothingDurable()
  const rows = { paths: at('*.csv'), parser: () => csv() }
  const rowTime = (row: Record<string, string>): number => Number(row['at'])
  const first = await seenBy(durable, rows, rowTime, 3)
  expect([...first, ...(await seenBy(durable, rows, rowTime))].map((row) => row['id'])).toEqual(['a', 'c', 'b', 'd'])

  const path = file('log', 'Dec 30 00:00:00 h a: 1\nDec 31 00:00:00 h a: 2\nJan  1 00:00:00 h a: 3\n')
  const log: MergedFiles<SyslogMessage> = {
    paths: path,
    parser: (now) => syslog({ now }),
    start: Date.UTC(2001, 11, 1),
  }
  const second = nothingDurable()
  await seenBy(second, log, ({ time }) => time, 2)
  expect((await seenBy(second, { ...log, start: 0 }, ({ time }) => time)).map(({ time }) => time)).toEqual([
    Date.UTC(2002, 0, 1),
  ])
})

/** After each write a checkpoint is due. */
class TickingSink<T> extends DurableSink<T> {
  readonly #clock: VirtualClock

  constructor(written: T[], fate: Fate, clock: VirtualClock) {
    super(written, fate)
    this.#clock = clock
  }

  override write(values: readonly T[]): void {
    super.write(values)
    this.#clock.advanceTo(this.#clock.now() + 1)
  }
}

test('a process that dies anywhere gives each record and each refusal once', async () => {
  const paths = [
    file('a', `${hits(1, 2)}bad\n${hits(5, 7)}`),
    file('b.gz', gzipSync(`worse\n${hits(2, 3, 6)}worst\n`)),
    file('c', hits(4)),
  ]
  async function outcome(last: number): Promise<{ written: unknown[]; letters: unknown[]; isWhole: boolean }> {
    const durable = nothingDurable()
    const written: Hit[] = []
    const letters: DeadLetter[] = []
    let isWhole = true
    for (const fate of [new Fate(last), new Fate()]) {
      const refused = sideOutput<DeadLetter>('dead letters')
      const records = mergedRecords({ paths, parser: json<Hit>() }, timeOf, { refused, chunkBytes: 5 })
      const clock = new VirtualClock()
      const checkpoint = { dir: 'memory', every: 1, store: () => new MemoryStore(durable, fate) }
      try {
        await run(
          [
            route(records, new TickingSink(written, fate, clock)),
            route(refused, new TickingSink(letters, fate, clock)),
          ],
          {
            batchSize: 1,
            clock,
            checkpoint,
          },
        ).done
        return { written, letters: letters.map(({ source, number }) => `${paths.indexOf(source)}:${number}`), isWhole }
      } catch (error) {
        if (!(error instanceof Crash) && !((error as Error).cause instanceof Crash)) throw error
        isWhole = false
      }
    }
    throw new Error('both runs have died')
  }
  const whole = await outcome(Infinity)
  expect(whole.letters).toHaveLength(3)
  let crashes = 0
  for (let last = 0; ; last++) {
    const { isWhole, ...rest } = await outcome(last)
    if (isWhole) break
    crashes += 1
    expect(rest).toEqual({ written: whole.written, letters: whole.letters })
  }
  expect(crashes).toBeGreaterThan(20)
})
