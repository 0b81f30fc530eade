// A process that follows a growing, rotating log into a file, is killed at any moment and started again, writes the same bytes as one that
// was never killed. TIDEMARK_KILLS says how often; 5 times unless given, for each way to rotate.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { typescriptNode } from '../stdio/fixtures/typescript-node.ts'

const program = fileURLToPath(new URL('fixtures/tail-to-file.ts', import.meta.url))
const writer = fileURLToPath(new URL('fixtures/rotating-writer.ts', import.meta.url))
const kills = Number(process.env['TIDEMARK_KILLS'] ?? 5)
/** The same numbers in each run. */
let random = 7
function below(count: number): number {
  random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((random / 2 ** 32) * count)
}

/** A process that follows the log. */
class Follower {
  readonly started: Promise<unknown>
  readonly #child: ChildProcessWithoutNullStreams
  readonly #exit: Promise<unknown[]>
  #said = ''

  constructor(log: string, output: string) {
    this.#child = spawn(typescriptNode, [program, log, output, `${output}-state`])
    this.#child.stderr.on('data', (piece: Buffer) => (this.#said += piece.toString()))
    this.#exit = once(this.#child, 'exit')
    this.started = Promise.race([once(this.#child.stdout, 'data'), this.#exit])
  }

  async kill(after: number): Promise<void> {
    await this.started
    await Promise.race([setTimeout(after), this.#exit])
    this.#child.kill('SIGKILL')
    expect(await this.#exit).toEqual([null, 'SIGKILL'])
    expect(this.#said).toBe('')
  }

  async end(): Promise<void> {
    expect(await this.#exit).toEqual([0, null])
    expect(this.#said).toBe('')
  }
}

const timeout = 60_000 + kills * 5_000

test.each(['rename', 'copytruncate'])(`killed ${kills} times, of a log rotated by %s`, { timeout }, async (mode) => {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-killed-tails-'))
  const log = join(folder, 'app.log')
  writeFileSync(log, '')
  const follow = (output: string): Follower => new Follower(log, join(folder, output))
  const whole = follow('whole')
  const first = follow('killed')
  await Promise.all([whole.started, first.started])
  // What is rotated before it was ever seen can't be known of.
  await setTimeout(500)
  const child = spawn(typescriptNode, [writer, log, mode, '200', '1e9'], { stdio: ['pipe', 'ignore', 'inherit'] })
  await first.kill(500 + below(500))
  for (let killed = 1; killed < kills; killed++) await follow('killed').kill(below(500))
  child.stdin.end()
  await follow('killed').end()
  await whole.end()
  const bytes = readFileSync(join(folder, 'whole'))
  const lines = bytes.toString().trimEnd().split('\n')
  const texts = lines.map((line) => line.replace(/ -*$/, ''))
  expect(texts.length).toBeGreaterThan(100 * kills)
  expect(texts).toEqual(Array.from({ length: texts.length }, (_, i) => `line ${i}`))
  expect(readFileSync(join(folder, 'killed')).equals(bytes)).toBe(true)
  rmSync(folder, { recursive: true })
})
