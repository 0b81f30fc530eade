// Each file of a glob has a watermark of its own, and the lowest counts.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { map } from 'rxjs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sum } from '../../lib/aggregates/sum.ts'
import { turns } from '../../lib/fixtures/turns.ts'
import { run } from '../../lib/run.ts'
import { monotonous } from '../../lib/watermarks/monotonous.ts'
import { tumbling } from '../../lib/windows/tumbling.ts'
import { assignTimestamps, map as mapValue, panes, window } from '../../operators/index.ts'
import { textFile } from '../file/index.ts'
import { tail } from './tail.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-tail-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

const path = (name: string): string => join(folder, name)

/** The times from one on, a line each. */
function times(from: number, count: number): string {
  return Array.from({ length: count }, (_, i) => `${from + i}\n`).join('')
}

function sums(idleTimeout?: string) {
  return tail(path('*.log'), { from: 'start', poll: '20ms', chunkBytes: 64 }).pipe(
    assignTimestamps(({ text }) => Number(text), monotonous(idleTimeout === undefined ? {} : { idleTimeout })),
    mapValue(() => 1),
    window(tumbling(100), sum()),
    panes(),
  )
}

test('a file that is ahead makes nothing of another late', async () => {
  writeFileSync(path('ahead.log'), times(500, 500))
  writeFileSync(path('behind.log'), times(0, 1_000))
  const found: string[] = []
  const job = run(sums(), ({ window: { start }, value }) => void found.push(`${start}: ${value}`))
  while (found.length < 9) await turns(1)
  const { operators } = await job.drain()
  // What is left is what had been read.
  expect(found.slice(0, 9)).toEqual([
    '0: 100',
    '100: 100',
    '200: 100',
    '300: 100',
    '400: 100',
    '500: 200',
    '600: 200',
    '700: 200',
    '800: 200',
  ])
  expect(operators.every(({ late }) => late === 0)).toBe(true)
})

test('a file that is silent holds the others back, unless there is a timeout; one that is removed does not', async () => {
  writeFileSync(path('silent.log'), times(0, 1))
  writeFileSync(path('busy.log'), times(0, 500))
  const [held, free]: [string[], string[]] = [[], []]
  const job = run(sums(), ({ window: { start }, value }) => void held.push(`${start}: ${value}`))
  const other = run(sums('50ms'), ({ window: { start }, value }) => void free.push(`${start}: ${value}`))
  while (free.length < 4) await turns(1)
  expect(free[0]).toBe('0: 101')
  expect(held).toEqual([])
  rmSync(path('silent.log'))
  while (held.length < 4) await turns(1)
  expect(held).toEqual(free.slice(0, 4))
  await job.stop()
  await other.stop()
})

test('the watermark of each file is in the checkpoint', async () => {
  writeFileSync(path('ahead.log'), times(500, 200))
  writeFileSync(path('behind.log'), times(0, 300))
  const options = { checkpoint: { dir: path('state'), every: 1 } }
  const sink = () => textFile<string>(path('out'), (line) => line)
  const lines = () => sums().pipe(map(({ window: { start }, value }) => `${start}: ${value}`))
  const first = run(lines(), sink(), options)
  const size = (): number => readFileSync(path('out')).length
  while ((first.metrics().sinks[0]?.written ?? 0) < 2) await turns(1)
  await first.stop()
  expect(size()).toBeGreaterThan(0)
  appendFileSync(path('behind.log'), times(300, 400))
  const second = run(lines(), sink(), options)
  while ((second.metrics().sinks[0]?.written ?? 0) < 4) await turns(1)
  const { operators } = await second.drain()
  expect(operators.every(({ late }) => late === 0)).toBe(true)
  // What is left is what had been read.
  const written = readFileSync(path('out'), 'utf8').split('\n').slice(0, 6)
  expect(written).toEqual(['0: 100', '100: 100', '200: 100', '300: 100', '400: 100', '500: 200'])
})
