import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { run } from '../../lib/run.ts'
import { fromIterable } from '../iterable/index.ts'
import { typescriptNode } from './fixtures/typescript-node.ts'
import { stopOnSignals } from './index.ts'

const program = fileURLToPath(new URL('fixtures/endless-job.ts', import.meta.url))
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-signals-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** Starts a job, and waits until it works. */
async function start(
  kind: 'quick' | 'stuck',
): Promise<{ child: ChildProcess; exit: Promise<unknown>; said: () => string }> {
  const child = spawn(typescriptNode, [program, join(folder, 'state'), kind])
  let said = ''
  child.stdout.on('data', (piece: Buffer) => (said += piece.toString()))
  const exit = once(child, 'exit')
  await once(child.stdout, 'data')
  return { child, exit, said: () => said }
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s stops the job, which lets go of its folder', async (signal) => {
  const { child, exit, said } = await start('quick')
  child.kill(signal)
  expect(await exit).toEqual([0, null])
  expect(said()).toBe('started\nstopped, 0 listeners\n')
  expect(existsSync(join(folder, 'state/state-1.log'))).toBe(true)
  expect(existsSync(join(folder, 'state/lock'))).toBe(false)
})

test('a second signal, also another one, ends the process at once', async () => {
  const { child, exit, said } = await start('stuck')
  child.kill('SIGINT')
  await expect
    .poll(() => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      return child.signalCode
    })
    .toBe('SIGTERM')
  expect(await exit).toEqual([null, 'SIGTERM'])
  expect(said()).toBe('started\n')
})

test.each([
  ['ends', () => {}],
  [
    'fails',
    () => {
      throw new Error('no')
    },
  ],
])('nobody listens any more when the job %s', async (_, take) => {
  const count = (): number => process.listenerCount('SIGINT') + process.listenerCount('SIGTERM')
  const before = count()
  const job = run(fromIterable([1]), take)
  expect(stopOnSignals(job)).toBe(job)
  expect(count()).toBe(before + 2)
  await Promise.allSettled([job.done])
  expect(count()).toBe(before)
})
