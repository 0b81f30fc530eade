// A glob: which files are followed, and what becomes of them when they get other names.
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Fate, MemoryStore, nothingDurable } from '../../lib/checkpoint/fixtures/crashing.ts'
import { run } from '../../lib/run.ts'
import { TailedLines } from './fixtures/tailed-lines.ts'
import { tail, type TailOptions } from './tail.ts'

let folder = ''
let tailed: TailedLines | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-glob-'))
})

afterEach(async () => {
  await tailed?.job.stop()
  tailed = undefined
  rmSync(folder, { recursive: true })
})

const at = (name: string): string => join(folder, name)

function start(glob: string, options: TailOptions = {}): TailedLines {
  return (tailed = new TailedLines(at(glob), { from: 'start', poll: '50ms', ...options }))
}

test('files that are there, that come later, and in folders that come later', async () => {
  writeFileSync(at('a.log'), 'a1\n')
  writeFileSync(at('b.txt'), 'no\n')
  const lines = start('{*.log,*/*.log}', { from: 'end' })
  // Nothing tells when it has looked where the end is.
  while (lines.texts.length === 0) {
    appendFileSync(at('a.log'), 'a2\n')
    await setTimeout(100)
  }
  writeFileSync(at('b.log'), 'b1\n')
  while (!lines.texts.includes('b1')) await setTimeout(5)
  mkdirSync(at('later'))
  writeFileSync(at('later/c.log'), 'c1\n')
  while (!lines.texts.includes('c1')) await setTimeout(5)
  appendFileSync(at('later/c.log'), 'c2\n')
  while (!lines.texts.includes('c2')) await setTimeout(5)
  expect([...new Set(lines.texts)]).toEqual(['a2', 'b1', 'c1', 'c2'])
})

test('what a file was rotated to is its past, and not a file of its own', async () => {
  writeFileSync(at('app.log'), 'one\n')
  const lines = start('app*')
  await lines.came(1)
  renameSync(at('app.log'), at('app.log.1'))
  await setTimeout(100)
  appendFileSync(at('app.log.1'), 'two\n')
  writeFileSync(at('app.log'), 'three\n')
  await lines.came(3)
  await setTimeout(200)
  expect(lines.texts).toEqual(['one', 'two', 'three'])
})

test('one that gets another name of the glob is read on under that', async () => {
  writeFileSync(at('a.log'), 'one\n')
  const lines = start('*.log', { rotateWait: 0 })
  await lines.came(1)
  renameSync(at('a.log'), at('b.log'))
  await setTimeout(100)
  writeFileSync(at('a.log'), 'other\n')
  await lines.came(2)
  await setTimeout(100)
  appendFileSync(at('b.log'), 'two\n')
  await lines.came(3)
  await setTimeout(100)
  expect(lines.texts).toEqual(['one', 'other', 'two'])
})

test('one that has several names is read once', async () => {
  writeFileSync(at('a.log'), 'one\n')
  symlinkSync(at('a.log'), at('b.log'))
  const lines = start('*.log')
  await lines.came(1)
  appendFileSync(at('a.log'), 'two\n')
  await lines.came(2)
  await setTimeout(150)
  expect(lines.texts).toEqual(['one', 'two'])
})

test('a folder into which files are moved: each is read once, also by a job that is started again', async () => {
  const durable = nothingDurable()
  const seen: string[] = []
  mkdirSync(at('spool'))
  for (let i = 0; i < 6; i++) {
    writeFileSync(at('new'), `${i}a\n${i}b\n`)
    renameSync(at('new'), at(`spool/${i}.txt`))
    const job = run(
      tail(at('spool/*.txt'), { from: 'start', poll: '20ms' }),
      ({ text }) => {
        seen.push(text)
        // Now in the midst of a file, now behind it.
        if (seen.length > 2 * i + (i % 2)) void job.stop()
      },
      { batchSize: 1, checkpoint: { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) } },
    )
    await job.done
  }
  const expected = Array.from({ length: 6 }, (_, i) => [`${i}a`, `${i}b`]).flat()
  expect(seen).toEqual(expected.slice(0, seen.length))
  expect(seen.length).toBeGreaterThan(10)
})

test('a job that began at the end of a file and has read nothing knows where that was', async () => {
  const durable = nothingDurable()
  const checkpoint = { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) }
  writeFileSync(at('app.log'), 'before\n')
  const first = run(tail(at('app.log')), () => {}, { checkpoint })
  await setTimeout(100)
  await first.stop()
  appendFileSync(at('app.log'), 'meanwhile\n')
  const seen: string[] = []
  const second = run(
    tail(at('app.log')),
    ({ text }) => {
      seen.push(text)
      void second.stop()
    },
    { checkpoint },
  )
  await second.done
  expect(seen).toEqual(['meanwhile'])
})

test('a file that has gone while the job did not run is told of', async () => {
  const durable = nothingDurable()
  const checkpoint = { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) }
  writeFileSync(at('app.log'), 'one\ntwo\n')
  const seen: string[] = []
  const notices: string[] = []
  const read = async (count: number): Promise<void> => {
    const options = { checkpoint, batchSize: 1, onNotice: ({ message }: { message: string }) => notices.push(message) }
    const job = run(
      tail(at('app.log'), { from: 'start' }),
      ({ text }) => {
        seen.push(text)
        if (seen.length === count) void job.stop()
      },
      options,
    )
    await job.done
  }
  await read(1)
  rmSync(at('app.log'))
  writeFileSync(at('app.log'), 'other\nmore\n')
  await read(3)
  expect(seen).toEqual(['one', 'other', 'more'])
  expect(notices).toEqual([expect.stringContaining('expected to find again the file that was being read, got none')])
})
