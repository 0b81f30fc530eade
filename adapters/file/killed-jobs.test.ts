// A process that is killed at any moment, and started again until it has come to its end, writes the same bytes as one that was
// never killed. TIDEMARK_KILLS says how often; 10 times unless given.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { typescriptNode } from '../stdio/fixtures/typescript-node.ts'

const program = fileURLToPath(new URL('fixtures/sum-readings.ts', import.meta.url))
const kills = Number(process.env['TIDEMARK_KILLS'] ?? 10)
const folder = mkdtempSync(join(tmpdir(), 'tidemark-killed-'))
const input = join(folder, 'readings.txt')

afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** The same numbers in each run. */
let random = 42
function below(count: number): number {
  random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((random / 2 ** 32) * count)
}

/** Starts the program; true if it has come to its end. */
async function start(output: string, killAfter?: number): Promise<boolean> {
  const child = spawn(typescriptNode, [program, input, `${folder}/${output}`, `${folder}/${output}-state`])
  let said = ''
  child.stderr.on('data', (piece: Buffer) => (said += piece.toString()))
  const exit = once(child, 'exit')
  if (killAfter !== undefined) {
    await Promise.race([once(child.stdout, 'data'), exit])
    await Promise.race([setTimeout(killAfter), exit])
    child.kill('SIGKILL')
  }
  const [code, signal] = (await exit) as [number | null, string | null]
  if (signal === 'SIGKILL') return false
  expect(said).toBe('')
  expect(code).toBe(0)
  return true
}

test(`a job that is killed ${kills} times writes each line once`, { timeout: 60_000 + kills * 20_000 }, async () => {
  let readings = ''
  for (let i = 0; i < 150_000; i++) readings += `${i * 10 - below(700)} m${below(50)} ${below(90)}\n`
  writeFileSync(input, readings)
  const began = performance.now()
  await start('whole')
  const duration = performance.now() - began
  const whole = readFileSync(join(folder, 'whole'))
  expect(whole.length).toBeGreaterThan(1_000_000)
  let killed = 0
  for (let attempt = 0; killed < kills; attempt++) {
    const before = killed
    while (!(await start(`attempt-${attempt}`, killed < kills ? below(duration / 4) : undefined))) killed += 1
    expect(readFileSync(join(folder, `attempt-${attempt}`)).equals(whole)).toBe(true)
    if (killed === before && attempt > kills) throw new Error('expected a job that lasts until it is killed')
  }
})
