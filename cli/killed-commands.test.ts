// A command with --checkpoint that is killed whenever it has come further, and started again until it ends, writes the same files as one
// that was never killed.
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { typescriptNode } from '../adapters/stdio/fixtures/typescript-node.ts'

const bin = fileURLToPath(new URL('bin.ts', import.meta.url))
const make = fileURLToPath(new URL('../examples/make-access-log.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tidemark-killed-'))
const log = join(folder, 'access.log')
const files = ['results', 'late', 'bad'] as const

beforeAll(async () => {
  const args = ['--lines', '60000', '--span', '24h', '--late', '300', '--bad', '200', '--out', log]
  await promisify(execFile)(process.execPath, [make, ...args])
})

afterAll(() => rmSync(folder, { recursive: true }))

/** Starts the command; true if it has come to its end, false if it was killed when its results had grown by so many bytes. */
async function start(name: string, killAfter: number, flags: readonly string[] = []): Promise<boolean> {
  const outputs = files.flatMap((file) => [file === 'results' ? '--out' : `--${file}`, pathOf(name, file)])
  const child = spawn(
    typescriptNode,
    [
      bin,
      '-p',
      'combined',
      '-W',
      '5m',
      '-d',
      '60s',
      '-b',
      'status',
      '--sort',
      'count:desc',
      '-o',
      'csv',
      ...outputs,
      ...flags,
      log,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const exit = once(child, 'exit')
  const enough = sizeOf(name) + killAfter
  const watching = new AbortController()
  const watch = async (): Promise<void> => {
    while (!watching.signal.aborted && sizeOf(name) < enough) await setTimeout(2)
    child.kill('SIGKILL')
  }
  const watched = watch()
  const [code, signal] = (await exit) as [number | null, string | null]
  watching.abort()
  await watched
  if (signal === null) expect(code).toBe(0)
  return signal === null
}

function pathOf(name: string, file: (typeof files)[number]): string {
  return join(folder, `${name}-${file}`)
}

function sizeOf(name: string): number {
  return statSync(pathOf(name, 'results'), { throwIfNoEntry: false })?.size ?? 0
}

test('a command that is killed again and again writes each line once', { timeout: 180_000 }, async () => {
  expect(await start('whole', Infinity, ['-q'])).toBe(true)
  const state = ['-q', '--checkpoint', join(folder, 'state'), '--checkpoint-every', '20ms']
  let kills = 0
  while (!(await start('killed', sizeOf('whole') / 8, state))) kills += 1
  expect(kills).toBeGreaterThanOrEqual(3)
  for (const file of files) {
    const whole = readFileSync(pathOf('whole', file), 'utf8')
    expect(whole.length).toBeGreaterThan(1_000)
    // Lines of several outputs stand in a file as they came to it.
    expect(linesOf(readFileSync(pathOf('killed', file), 'utf8'))).toEqual(linesOf(whole))
  }
  expect(readFileSync(pathOf('killed', 'results'), 'utf8')).toBe(readFileSync(pathOf('whole', 'results'), 'utf8'))
})

function linesOf(text: string): readonly string[] {
  return text.split('\n').toSorted()
}
