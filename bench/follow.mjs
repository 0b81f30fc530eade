// A log that is written to at 10,000 lines a second and rotated every few seconds, followed by the command: whether the results are those of
// the same lines read as one file, and how long it takes from the line that completes a window to its result.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { report } from './report.mjs'

const seconds = process.env['DURATION'] ?? '600'
const rate = process.env['RATE'] ?? '10000'
const rotation = process.env['ROTATION'] ?? '7'
const bin = fileURLToPath(new URL('../dist/cli/bin.js', import.meta.url))
const writer = fileURLToPath(new URL('follow-writer.mjs', import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'tidemark-bench-follow-'))
const [log, whole] = [join(folder, 'app.log'), join(folder, 'whole')]
const flags = ['-p', 'json', '-t', 'time:ms', '-W', '1s', '-d', '1s', '-b', 'status']
const question = [...flags, '-a', 'count(),distinct(host),p95(ms)']

/** @param {import('node:stream').Readable} input */
const linesOf = (input) => createInterface({ input })
const now = () => performance.timeOrigin + performance.now()

const tidemark = spawn(process.execPath, [bin, ...question, '-f', log])
/** @type {string[]} */
const rows = []
/** When the first result of a window came, by the end of the window. @type {Map<number, number>} */
const shown = new Map()
linesOf(tidemark.stdout).on('line', (row) => {
  rows.push(row)
  const end = Date.parse(JSON.parse(row).window_end)
  if (!shown.has(end)) shown.set(end, now())
})
let said = ''
tidemark.stderr.setEncoding('utf8').on('data', (/** @type {string} */ piece) => (said += piece))
const ended = once(tidemark, 'close')
// It must not have to catch up.
await setTimeout(500)

/** When the line that completed a window had been written, by the end of the window. @type {Map<number, number>} */
const complete = new Map()
const writing = spawn(process.execPath, [writer, log, whole, seconds, rate, rotation], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
let [lines, rotations] = [0, 0]
linesOf(writing.stdout).on('line', (text) => {
  const told = JSON.parse(text)
  if (told.end === undefined) ({ lines, rotations } = told)
  else complete.set(told.end, told.at)
})
await once(writing, 'close')
await setTimeout(1_000)

const status = readFileSync(`/proc/${tidemark.pid}/status`, 'utf8')
const memory = Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) / 1_024
tidemark.kill('SIGINT')
await ended
const expected = execFileSync(process.execPath, [bin, ...question, '-q', whole], {
  encoding: 'utf8',
  maxBuffer: 2 ** 30,
})
const others = expected.trimEnd().split('\n')
const different = Math.max(rows.length, others.length) - rows.filter((row, i) => row === others[i]).length
rmSync(folder, { recursive: true })

const latencies = [...complete].map(([end, at]) => (shown.get(end) ?? Infinity) - at).sort((a, b) => a - b)
const at = (/** @type {number} */ share) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN

console.log(said.trimEnd())
report('follow', [
  { name: 'lines', measured: lines },
  { name: 'lines a second', measured: lines / Number(seconds), atLeast: 0.99 * Number(rate) },
  { name: 'rotations', measured: rotations },
  { name: 'results', measured: others.length },
  { name: 'results that differ from those of one file', measured: different, atMost: 0 },
  { name: 'from the line that completes a window to its results, median', measured: at(0.5), unit: ' ms', atMost: 100 },
  { name: 'the same, 99 of 100', measured: at(0.99), unit: ' ms' },
  { name: 'most memory of the command', measured: memory, unit: ' MiB' },
])
