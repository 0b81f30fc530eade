// A process that is killed at any moment, and started again until it has come to its end, writes the same bytes as one that was
// never killed. TIDEMARK_KILLS says how often; 10 times unless given.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { typescriptNode } from '../stdio/fixtures/typescript-node.ts'

const program = fileURLToPath(new URL('fixtures/watch-shop.ts', import.meta.url))
const kills = Number(process.env['TIDEMARK_KILLS'] ?? 10)
const folder = mkdtempSync(join(tmpdir(), 'tidemark-killed-'))
const input = join(folder, 'actions.txt')
let whole: Buffer

beforeAll(async () => {
  let actions = ''
  // What is killed more often takes longer.
  for (let i = 0; i < 60_000 + kills * 2_000; i++) {
    actions += `${i * 10 - below(700)} v${below(50)} ${below(8) === 0 ? 'purchase' : 'view'}\n`
  }
  writeFileSync(input, actions)
  await start('whole', 'file', 'log')
  whole = contentOf('whole')
}, 60_000)

afterAll(() => {
  rmSync(folder, { recursive: true })
})

const jobs = ['file', 'parts'].flatMap((sink) => ['log', 'lmdb'].map((store) => ({ sink, store })))
const shares = jobs.map((job, i) => ({ ...job, share: Math.floor((kills + i) / jobs.length) }))

test.each(shares)(
  'a job to $sink with checkpoints in $store that is killed $share times writes each line once',
  { timeout: 60_000 + kills * 10_000 },
  async ({ sink, store, share }) => {
    let killed = 0
    for (let attempt = 0; killed < share || attempt === 0; attempt++) {
      if (attempt > share) throw new Error('expected a job that lasts until it is killed')
      const output = `${sink}-${store}-${attempt}`
      while (!(await start(output, sink, store, killed < share ? someMoment() : undefined))) killed += 1
      expect(contentOf(output).equals(whole)).toBe(true)
    }
  },
)

test('what is written has what was bought in a visit, after it, and without one', () => {
  const text = whole.toString()
  expect(text.match(/"right":\d/g)?.length).toBeGreaterThan(5_000)
  expect(text.match(/"left":\{[^}]*\}\}/g)?.length).toBeGreaterThan(100)
})

/** When to kill a process: so long after so many checkpoints. */
interface Moment {
  readonly checkpoints: number
  readonly ms: number
}

/** A fourth of them while the process starts, the others when it has come further than the one before it, however slow it is. */
function someMoment(): Moment {
  return { checkpoints: below(4) === 0 ? 0 : 2 + below(3), ms: below(30) }
}

/** Starts the program; true if it has come to its end. */
async function start(output: string, sink: string, store: string, kill?: Moment): Promise<boolean> {
  const child = spawn(typescriptNode, [
    program,
    input,
    join(folder, output),
    join(folder, `${output}-state`),
    sink,
    store,
  ])
  let failure = ''
  child.stderr.on('data', (piece: Buffer) => (failure += piece.toString()))
  const exit = once(child, 'exit')
  let said = ''
  child.stdout.on('data', (piece: Buffer) => {
    const before = said.split('\n').length
    said += piece.toString()
    if (kill === undefined || before > kill.checkpoints + 1 || said.split('\n').length <= kill.checkpoints + 1) return
    void Promise.race([setTimeout(kill.ms), exit]).then(() => child.kill('SIGKILL'))
  })
  const [code, signal] = (await exit) as [number | null, string | null]
  if (signal === 'SIGKILL') return false
  expect(failure).toBe('')
  expect(code).toBe(0)
  return true
}

/** All that a sink has written. */
function contentOf(output: string): Buffer {
  const path = join(folder, output)
  if (statSync(path).isFile()) return readFileSync(path)
  return Buffer.concat(
    readdirSync(path)
      .toSorted()
      .map((part) => readFileSync(join(path, part))),
  )
}

/** The same numbers in each run. */
let random = 42
function below(count: number): number {
  random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((random / 2 ** 32) * count)
}
