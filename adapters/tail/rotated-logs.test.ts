// A log that another process writes to and rotates all the while, cutting lines anywhere: each line comes once.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { typescriptNode } from '../stdio/fixtures/typescript-node.ts'
import { TailedLines } from './fixtures/tailed-lines.ts'

const writer = fileURLToPath(new URL('fixtures/rotating-writer.ts', import.meta.url))
let folder = ''
let path = ''
let tailed: TailedLines

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-rotated-'))
  path = join(folder, 'app.log')
  writeFileSync(path, '')
  tailed = new TailedLines(path, { from: 'start', chunkBytes: 4_096 })
})

afterEach(async () => {
  await tailed.job.stop()
  rmSync(folder, { recursive: true })
})

test.each(['rename', 'copytruncate'])('100 rotations by %s', async (mode) => {
  const child = spawn(typescriptNode, [writer, path, mode, '50', '100'], { stdio: ['pipe', 'ignore', 'inherit'] })
  const exit = once(child, 'exit')
  await tailed.came(1)
  while (tailed.texts.at(-1) !== 'end') await tailed.came(tailed.texts.length + 1)
  expect(await exit).toEqual([0, null])
  const numbers = tailed.texts.slice(0, -1).map((text) => Number(/^line (\d+) -*$/.exec(text)?.[1]))
  expect(numbers.length).toBeGreaterThan(1_000)
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => i))
  expect(tailed.notices).toEqual([])
})

test('100 times removed and made again', async () => {
  let written = 0
  for (let i = 0; i < 100; i++) {
    // One that has gone before it was seen can't be known of.
    writeFileSync(path, `line ${written++}\n`)
    await tailed.came(written)
    for (let more = i % 5; more > 0; more--) appendFileSync(path, `line ${written++}\n`)
    rmSync(path)
  }
  expect(await tailed.came(written)).toEqual(Array.from({ length: written }, (_, i) => `line ${i}`))
  expect(tailed.notices).toEqual([])
})
