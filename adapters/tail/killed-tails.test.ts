// A process that follows a growing, rotating log into a file, is killed at any moment and started again, writes the same bytes as one that
// was never killed. TIDEMARK_KILLS says how often; 10 times unless given.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { typescriptNode } from '../stdio/fixtures/typescript-node.ts'

const [program, writer] = ['tail-to-file.ts', 'rotating-writer.ts'].map((name) =>
  fileURLToPath(new URL(`fixtures/${name}`, import.meta.url)),
) as [string, string]
const kills = Number(process.env['TIDEMARK_KILLS'] ?? 10)
const folder = mkdtempSync(join(tmpdir(), 'tidemark-killed-tails-'))
const log = join(folder, 'app.log')

afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** The same numbers in each run. */
let random = 7
function below(count: number): number {
  random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((random / 2 ** 32) * count)
}

/** Starts the program; true if it has come to the end of the log. */
async function follow(output: string, killAfter?: number): Promise<boolean> {
  const child = spawn(typescriptNode, [program, log, `${folder}/${output}`, `${folder}/${output}-state`])
  let said = ''
  child.stderr.on('data', (piece: Buffer) => (said += piece.toString()))
  const exit = once(child, 'exit')
  if (killAfter !== undefined) {
    await Promise.race([once(child.stdout, 'data'), exit])
    await Promise.race([setTimeout(killAfter), exit])
    child.kill('SIGKILL')
  }
  const [code, signal] = (await exit) as [number | null, string | null]
  expect(said).toBe('')
  if (signal === 'SIGKILL') return false
  expect(code).toBe(0)
  return true
}

test(`a tail that is killed ${kills} times writes each line once`, { timeout: 60_000 + kills * 5_000 }, async () => {
  writeFileSync(log, '')
  const whole = follow('whole')
  const child = spawn(typescriptNode, [writer, log, 'both', '100', '1e9'], { stdio: ['pipe', 'ignore', 'inherit'] })
  for (let killed = 0; killed < kills; killed++) expect(await follow('killed', below(500))).toBe(false)
  child.stdin.end()
  expect(await follow('killed')).toBe(true)
  expect(await whole).toBe(true)
  const bytes = readFileSync(join(folder, 'whole'))
  const lines = bytes.toString().split('\n')
  expect(lines.length).toBeGreaterThan(100 * kills)
  for (const [i, line] of lines.slice(0, -1).entries())
    if (!line.startsWith(`line ${i} `)) expect(line).toBe(`line ${i}`)
  expect(readFileSync(join(folder, 'killed')).equals(bytes)).toBe(true)
})
