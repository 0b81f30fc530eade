// What becomes of a real file that is followed, as `tail -F` follows it.
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { openDescriptors } from '../../lib/fixtures/open-descriptors.ts'
import { run } from '../../lib/run.ts'
import { sideOutput } from '../../lib/wiring/side-output.ts'
import type { DeadLetter } from '../line/dead-letter.ts'
import { TailedLines } from './fixtures/tailed-lines.ts'
import type { TailGap } from './tail-gap.ts'
import { tail, type TailOptions } from './tail.ts'

let folder = ''
let path = ''
let tailed: TailedLines | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-tail-'))
  path = join(folder, 'app.log')
})

afterEach(async () => {
  await tailed?.job.stop()
  tailed = undefined
  rmSync(folder, { recursive: true })
})

function start(options: TailOptions = {}, what = path): TailedLines {
  return (tailed = new TailedLines(what, { from: 'start', poll: '50ms', ...options }))
}

test('begins at the start, or with the next line that ends', async () => {
  writeFileSync(path, 'one\ntwo\nthr')
  const end = new TailedLines(path, { from: 'end' })
  const all = start()
  await all.came(2)
  await setTimeout(50)
  appendFileSync(path, 'ee\nfour\n')
  expect(await all.came(4)).toEqual(['one', 'two', 'three', 'four'])
  expect(await end.came(2)).toEqual(['three', 'four'])
  await end.job.drain()
})

test.each([true, false])('reads what is appended, told by the file system: %s', async (watch) => {
  writeFileSync(path, '')
  const lines = start({ watch, poll: watch ? '1h' : '20ms' })
  for (let i = 0; i < 20; i++) {
    await setTimeout(5)
    appendFileSync(path, `line ${i}\n`)
  }
  expect(await lines.came(20)).toEqual(Array.from({ length: 20 }, (_, i) => `line ${i}`))
})

test('waits for a file that is not there yet, nor its folder', async () => {
  path = join(folder, 'later/app.log')
  const lines = start({ from: 'end' })
  await setTimeout(30)
  mkdirSync(join(folder, 'later'))
  await setTimeout(30)
  writeFileSync(path, 'one\n')
  expect(await lines.came(1)).toEqual(['one'])
})

test('reads a file that was moved away to its end, also what is written to it later, and then the one in its place', async () => {
  writeFileSync(path, 'one\n')
  const lines = start()
  await lines.came(1)
  renameSync(path, `${path}.1`)
  appendFileSync(`${path}.1`, 'two\nthree\n')
  await lines.came(3)
  writeFileSync(path, 'four\n')
  await lines.came(4)
  appendFileSync(`${path}.1`, 'late\n')
  await lines.came(5)
  appendFileSync(path, 'five\n')
  expect(await lines.came(6)).toEqual(['one', 'two', 'three', 'four', 'late', 'five'])
  expect(lines.notices).toEqual([])
})

test('goes on in a copy of a file that was cut off, and ends the line there that had begun', async () => {
  writeFileSync(path, 'one\ntw')
  const lines = start()
  await lines.came(1)
  await setTimeout(100)
  appendFileSync(path, 'o\nthr')
  copyFileSync(path, `${path}.1`)
  truncateSync(path)
  appendFileSync(path, 'ee\nfour\n')
  expect(await lines.came(4)).toEqual(['one', 'two', 'three', 'four'])
  expect(lines.notices).toEqual([])
})

test('says that lines may be lost when a file was cut off and no copy is found', async () => {
  const gaps = sideOutput<TailGap>('gaps')
  writeFileSync(path, 'one\ntwo\nhal')
  const told: TailGap[] = []
  gaps.subscribe((gap) => told.push(gap))
  const lines = start({ gaps })
  await lines.came(2)
  await setTimeout(100)
  writeFileSync(path, 'f\nthree\n')
  expect(await lines.came(5)).toEqual(['one', 'two', 'hal', 'f', 'three'])
  const message = `tail: '${path}': expected a file that only grows, got one that was cut off, without a copy; 11 bytes of it had been read`
  expect(told).toEqual([{ source: path, reason: 'truncated', offset: 11, message }])
  expect(lines.notices).toEqual([{ code: 'gap', operator: `tail(${path})`, message }])
  expect(lines.job.metrics().sources).toMatchObject([{ gaps: 1, refused: 0, read: 5 }])
})

test('reads on in a file that was removed and made again', async () => {
  writeFileSync(path, 'one\n')
  const lines = start()
  await lines.came(1)
  rmSync(path)
  await setTimeout(100)
  writeFileSync(path, 'two\n')
  expect(await lines.came(2)).toEqual(['one', 'two'])
  expect(lines.notices).toEqual([])
})

test('goes on in a file that an editor has written anew', async () => {
  const before = Array.from({ length: 50 }, (_, i) => `line ${i}`)
  writeFileSync(path, `${before.join('\n')}\n`)
  const lines = start()
  await lines.came(50)
  writeFileSync(`${path}.new`, `${before.join('\n')}\nedited\n`)
  renameSync(`${path}.new`, path)
  expect(await lines.came(51)).toEqual([...before, 'edited'])
})

test('turns to another file when a symbolic link does', async () => {
  mkdirSync(join(folder, 'days'))
  const days = [join(folder, 'days/1.txt'), join(folder, 'days/2.txt')] as const
  writeFileSync(days[0], 'one\n')
  writeFileSync(days[1], 'three\n')
  symlinkSync(days[0], path)
  const lines = start({ poll: '1h' })
  await lines.came(1)
  await setTimeout(50)
  appendFileSync(days[0], 'two\n')
  await lines.came(2)
  symlinkSync(days[1], `${path}.new`)
  renameSync(`${path}.new`, path)
  await lines.came(3)
  await setTimeout(50)
  appendFileSync(days[1], 'four\n')
  expect(await lines.came(4)).toEqual(['one', 'two', 'three', 'four'])
})

test('gives a line without its ending when that does not come, and its ending does not count as a line', async () => {
  writeFileSync(path, 'one\ntwo')
  const lines = start({ lineTimeout: '100ms' })
  await lines.came(2)
  appendFileSync(path, '\r\nthree\n')
  expect(await lines.came(3)).toEqual(['one', 'two', 'three'])
})

test('refuses lines that are too long', async () => {
  const refused = sideOutput<DeadLetter>('refused')
  const told: DeadLetter[] = []
  refused.subscribe((line) => told.push(line))
  writeFileSync(path, `one\n${'x'.repeat(100)}\ntwo\n`)
  const lines = start({ refused, maxLineBytes: 10, chunkBytes: 7 })
  expect(await lines.came(2)).toEqual(['one', 'two'])
  expect(told).toEqual([{ source: path, number: 2, offset: 4, byteLength: 100, reason: 'longer than 10 bytes' }])
  expect(lines.job.metrics().sources).toMatchObject([{ gaps: 0, refused: 1 }])
})

const sample = Buffer.from('öne\r\n二\r\nthree €\n')

test.each(Array.from({ length: sample.length + 1 }, (_, i) => i))(
  'reads lines that are written in two at byte %i',
  async (at) => {
    writeFileSync(path, sample.subarray(0, at))
    const lines = start()
    await setTimeout(10)
    appendFileSync(path, sample.subarray(at))
    expect(await lines.came(3)).toEqual(['öne', '二', 'three €'])
  },
)

test.each(Array.from({ length: sample.length + 1 }, (_, i) => i))(
  'reads lines between which the file is cut off at byte %i',
  async (at) => {
    writeFileSync(path, `first\n${sample.subarray(0, at).toString('latin1')}`, 'latin1')
    const lines = start({ poll: '10ms' })
    await lines.came(1)
    copyFileSync(path, `${path}.1`)
    truncateSync(path)
    appendFileSync(path, sample.subarray(at))
    expect(await lines.came(4)).toEqual(['first', 'öne', '二', 'three €'])
    expect(lines.notices).toEqual([])
  },
)

test('closes what it has opened', async () => {
  const before = openDescriptors()
  writeFileSync(path, 'one\n')
  const lines = start()
  await lines.came(1)
  renameSync(path, `${path}.1`)
  writeFileSync(path, 'two\n')
  await lines.came(2)
  await lines.job.stop()
  expect(openDescriptors()).toBe(before)
})

test.each([
  ['', {}, "tail: expected the path of a file, or a glob, got ''"],
  ['a.log', { from: 'middle' }, "tail: from must be one of 'start', 'end', got 'middle'"],
  ['a.log', { poll: 0 }, 'tail: poll must be > 0, got 0'],
  ['a.log', { lineTimeout: -1 }, 'tail: lineTimeout must be > 0, got -1'],
  ['a.log', { rotateWait: -1 }, 'tail: rotateWait must be >= 0, got -1'],
  ['a.log', { chunkBytes: 0.5 }, 'tail: chunkBytes must be a whole number of bytes'],
])('refuses %j with %j', (what, options, message) => {
  expect(() => tail(what, options as TailOptions)).toThrow(message)
})

test('fails with what is no file', async () => {
  expect(await failureOf(run(tail(folder), () => {}).done)).toMatchObject({
    code: 'input',
    message: `expected a file at '${folder}', got something else, such as a folder or a pipe`,
  })
})
