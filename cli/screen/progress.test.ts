import { gzipSync } from 'node:zlib'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, expect, test } from 'vitest'
import type { JobMetrics, OperatorMetrics, SourceMetrics } from '../../lib/metrics.ts'
import { toZone } from '../zone.ts'
import { Progress } from './progress.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidemark-progress-'))
const plain = join(folder, 'plain')
const zipped = join(folder, 'zipped')
writeFileSync(plain, 'x'.repeat(4_000))
writeFileSync(zipped, gzipSync('x'.repeat(4_000)))

afterAll(() => rmSync(folder, { recursive: true }))

const noon = Date.UTC(2018, 9, 11, 12)

/** Metrics of a job that has read so many lines of a file. */
function metrics(read: number, offset: number | undefined, watermark: number): JobMetrics {
  const position = offset === undefined ? undefined : { source: 'x', offset, number: 0 }
  const source: SourceMetrics = {
    name: 'lines',
    read,
    refused: 0,
    gaps: 0,
    chunks: 1,
    position,
    lags: undefined,
    ended: false,
  }
  const window = { name: 'window', watermark } as OperatorMetrics
  return { sources: [source], operators: [window], sinks: [], balanced: true }
}

async function linesOf(path: string, looks: readonly JobMetrics[], zone = 'UTC'): Promise<readonly string[]> {
  let now: JobMetrics | undefined
  const job = { metrics: (): JobMetrics => now ?? metrics(0, 0, -Infinity) }
  const standardInput = Object.assign(new PassThrough(), path === '-' ? { bytesRead: 1_234_567 } : {})
  const progress = new Progress(
    job,
    { inputs: path === '-' ? [{ kind: 'stdin' }] : [{ kind: 'file', path }], standardInput, clock: toZone(zone) },
    0,
  )
  await progress.measure()
  return looks.map((look, i) => {
    now = look
    return progress.line((i + 1) * 1_000, noon)
  })
}

test('a file: how much of it, and how long that will take', async () => {
  expect(
    await linesOf(plain, [
      metrics(100, 1_000, -Infinity),
      metrics(300, 3_000, noon - 1_000),
      metrics(400, 4_000, Infinity),
    ]),
  ).toEqual([
    '1.0 kB of 4.0 kB, 25 %, 100 lines, 100/s, 3s left',
    '3.0 kB of 4.0 kB, 75 %, 300 lines, 139/s, event time 2018-10-11 11:59:59, 1s left',
    '4.0 kB of 4.0 kB, 100 %, 400 lines, 124/s',
  ])
})

test('a pipe: how far event time is behind', async () => {
  const looks = [90, 5_400, 90_000, 864_000].map((seconds) => metrics(1, undefined, noon - seconds * 1_000))
  expect((await linesOf('-', looks)).map((line) => line.replace(/.*\d\d:\d\d, /, ''))).toEqual([
    '90s behind',
    '90m behind',
    '25h behind',
    '10d behind',
  ])
  expect((await linesOf('-', looks, 'Asia/Tokyo'))[0]).toMatch(
    /^1\.2 MB, 1 lines, 1\/s, event time 2018-10-11 20:58:30, /,
  )
})

test('of a compressed file nobody knows how much there is', async () => {
  expect(await linesOf(zipped, [metrics(100, 1_000, -Infinity)])).toEqual(['1.0 kB, 100 lines, 100/s'])
})
