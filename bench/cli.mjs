// The command against the tools one would use instead. Each answers three questions from the same file, in turn, several times; the best
// time of each counts, start-up included. Their answers must be the same. A tool that is not installed is named and left out.
// `QUESTION=json npm run bench:cli` asks those alone whose names have the word in them; `ROUNDS`, `LINES`, `MEMORY=0` for less.
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { accessLog, jsonLog } from './cli/logs.mjs'
import { programOf, questions } from './cli/questions.mjs'
import { report } from './report.mjs'

const rounds = Number(process.env['ROUNDS'] ?? 3)
const lines = Number(process.env['LINES'] ?? 1_000_000)
const wanted = process.env['QUESTION'] ?? ''
const only = process.env['TOOLS']?.split(',')
const hasMemory = process.env['MEMORY'] !== '0'

/** @param {string} line a command for the shell */
function run(line) {
  const start = performance.now()
  const env = { ...process.env, LC_ALL: 'C' }
  const child = spawnSync('bash', ['-c', `set -o pipefail; ${line}`], { encoding: 'utf8', maxBuffer: 2 ** 28, env })
  const seconds = (performance.now() - start) / 1_000
  if (child.error !== undefined) throw child.error
  if (child.status !== 0) throw new Error(`${line} exited with ${child.status}: ${child.stderr}`)
  return { seconds, rows: child.stdout.trim().split('\n').toSorted() }
}

/** Throws unless rows have the same keys, and the same values but for a small share.
 * @param {string} who
 * @param {readonly string[]} rows
 * @param {readonly string[]} expected
 * @param {number} tolerance
 */
function compare(who, rows, expected, tolerance) {
  const split = (/** @type {string} */ row) =>
    /** @type {const} */ ([row.replace(/ \S+$/, ''), Number(row.replace(/.* /, ''))])
  let error = 0
  for (const [i, row] of rows.entries()) {
    const [[key, value], [known, right]] = [split(row), split(expected[i] ?? '')]
    if (key !== known) throw new Error(`${who}: expected '${expected[i]}', got '${row}'`)
    error += Math.abs(value - right) / Math.max(1, right)
  }
  const isOff = rows.length !== expected.length || error / rows.length > tolerance
  if (isOff)
    throw new Error(`${who}: ${rows.length} rows for ${expected.length}, off by ${error / rows.length} on average`)
}

/** @type {import('./report.mjs').Figure[]} */
const figures = []
for (const { name, log, tolerance, ranks = [], goals, tools } of questions.filter((question) =>
  question.name.includes(wanted),
)) {
  const file = log === 'access' ? accessLog(lines) : await jsonLog(lines)
  console.log(`\n${name}: ${lines.toLocaleString('en')} lines, ${(statSync(file).size / 1e6).toFixed(0)} MB`)
  /** @type {Record<string, number>} */
  const best = {}
  /** @type {Record<string, readonly string[]>} */
  const answers = {}
  for (let round = 0; round < rounds; round++) {
    for (const [tool, command] of Object.entries(tools)) {
      if (only !== undefined && !only.includes(tool)) continue
      if (spawnSync('sh', ['-c', `command -v ${programOf(tool)}`]).status !== 0) {
        if (round === 0) console.log(`SKIPPED, for want of the program: ${tool}`)
        continue
      }
      // Those that are slower by far: once is enough to know.
      if (round > 0 && (best[tool] ?? 0) > 5 * (best['tidemark'] ?? Infinity)) continue
      const { seconds, rows } = run(command(file))
      answers[tool] ??= rows
      best[tool] = Math.min(best[tool] ?? Infinity, seconds)
    }
  }
  for (const [tool, seconds] of Object.entries(best)) {
    const isOther = ranks.includes(tool)
    compare(
      `${name}, ${tool}`,
      answers[tool] ?? [],
      answers['mawk'] ?? answers['gawk'] ?? answers['tidemark'] ?? [],
      isOther ? Infinity : tolerance,
    )
    console.log(
      `${seconds.toFixed(2).padStart(7)} s  ${tool.padEnd(18)}  ${tools[tool]?.('FILE').replaceAll(/\S*\/(?=bin\.js|duckdb\.mjs|node )/g, '')}`,
    )
  }
  for (const [tool, atMost] of Object.entries(goals)) {
    if (best[tool] === undefined) continue
    figures.push({
      name: `${name}, against ${tool}`,
      measured: (best['tidemark'] ?? Number.NaN) / best[tool],
      unit: 'x',
      atMost,
    })
  }
}

if (hasMemory) {
  const bin = fileURLToPath(new URL('../dist/cli/bin.js', import.meta.url))
  const args = ['-p', 'combined', '-W', '1h', '-a', 'users=distinct(host)', '-q', '-o', 'ndjson']
  // From the second file on its windows are all there.
  const file = accessLog(10 * lines)
  const resident = residentMegabytes([bin, ...args, file, file, file, file])
  const what = `${(40 * lines).toLocaleString('en')} lines`
  const [, , third = Number.NaN, last = Number.NaN] = quarters(resident)
  figures.push(
    { name: `most resident memory, ${what}, MB`, measured: Math.max(...resident) },
    // Node lets its young generation grow for a while, up to a bound of its own.
    { name: 'resident memory, the last quarter against the third', measured: last / third, unit: 'x', atMost: 1.2 },
  )
}
console.log('')
report('cli', figures)

/** The resident memory that Node has for a script, in MB, again and again from start to end: a process of its own asks, because this one waits.
 * @param {readonly string[]} args
 * @returns {readonly number[]}
 */
function residentMegabytes(args) {
  const ask = `
    const { spawn } = require('node:child_process')
    const { readFileSync } = require('node:fs')
    const child = spawn(process.execPath, process.argv.slice(1), { stdio: 'ignore' })
    const sizes = []
    const timer = setInterval(() => {
      try {
        sizes.push(Number(/VmRSS:\\s+(\\d+)/.exec(readFileSync('/proc/' + child.pid + '/status', 'utf8'))?.[1] ?? 0) / 1024)
      } catch {}
    }, 5)
    child.on('exit', () => {
      clearInterval(timer)
      console.log(JSON.stringify(sizes.filter((size) => size > 0)))
    })
  `
  const { stdout } = spawnSync(process.execPath, ['-e', ask, ...args], { encoding: 'utf8', maxBuffer: 2 ** 26 })
  /** @type {unknown} */
  const sizes = JSON.parse(stdout)
  return Array.isArray(sizes) ? sizes.map(Number) : []
}

/** The averages of the quarters of a series.
 * @param {readonly number[]} series
 */
function quarters(series) {
  const length = Math.floor(series.length / 4)
  return [0, 1, 2, 3].map((i) => {
    const part = series.slice(i * length, (i + 1) * length)
    return part.reduce((sum, each) => sum + each, 0) / part.length
  })
}
