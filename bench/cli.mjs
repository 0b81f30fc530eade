// The command against the tools one would use instead, on the question it was made for: how many different hosts an hour?
// Every tool answers from the same file, in turn, several times; the best time of each counts, start-up included. Their
// answers must be equal. A tool that is not installed is named and left out.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { report } from './report.mjs'

const rounds = Number(process.env['ROUNDS'] ?? 5)
const lines = Number(process.env['LINES'] ?? 1_000_000)
const path = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url))

const program = `{ hour = substr($4, 2, 14); if (!seen[hour, $1]++) hosts[hour]++ } END { for (hour in hosts) print hour, hosts[hour] }`
const mlr = `
  @seen[substr($4, 1, 14)][$1] = 1;
  end { for (hour, hosts in @seen) { print hour . " " . length(hosts) } }
`

/** @type {Record<string, { command: string, args: (file: string) => string[], hourOf?: (line: string) => string }>} */
const tools = {
  tidemark: {
    command: process.execPath,
    args: (file) => [
      path('../dist/cli/bin.js'),
      '--parse=combined',
      '--window=1h',
      '--agg=users=distinct(host)',
      '--disorder=60s',
      '--output=ndjson',
      '--quiet',
      file,
    ],
    hourOf(line) {
      const { window_start: start, users } = JSON.parse(line)
      const [, year, month, day, hour] = /^(\d+)-(\d+)-(\d+)T(\d+)/.exec(start) ?? []
      const name = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')[Number(month) - 1]
      return `${day}/${name}/${year}:${hour} ${users}`
    },
  },
  mawk: { command: 'mawk', args: (file) => [program, file] },
  gawk: { command: 'gawk', args: (file) => [program, file] },
  mlr: { command: 'mlr', args: (file) => ['--inidx', '--ifs', ' ', 'put', '-q', mlr, file] },
}

/** A log of so many lines, made once.
 * @param {number} count
 */
function log(count) {
  mkdirSync(path('.cache/'), { recursive: true })
  const file = path(`.cache/access-${count}.log`)
  if (!existsSync(file)) {
    console.error(`writing ${count.toLocaleString('en')} lines`)
    const args = [
      '--lines',
      String(count),
      '--span',
      '24h',
      '--late',
      '0',
      '--bad',
      '0',
      '--hosts',
      '20000',
      '--out',
      file,
    ]
    run(process.execPath, [path('../examples/make-access-log.mjs'), ...args])
  }
  return file
}

/** @param {string} command @param {readonly string[]} args */
function run(command, args) {
  const start = performance.now()
  const child = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28 })
  if (child.error !== undefined) throw child.error
  if (child.status !== 0) throw new Error(`${command} exited with ${child.status}: ${child.stderr}`)
  return { seconds: (performance.now() - start) / 1_000, stdout: child.stdout }
}

/** The most memory a command had, in MB: a process of its own asks, because the figure is that of all its children.
 * @param {string} command @param {readonly string[]} args
 */
function peakMegabytes(command, args) {
  const ask = `
    const { spawn } = require('node:child_process')
    const { readFileSync } = require('node:fs')
    const child = spawn(process.argv[1], process.argv.slice(2), { stdio: 'ignore' })
    let most = 0
    const look = () => {
      try {
        most = Math.max(most, Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/' + child.pid + '/status', 'utf8'))?.[1] ?? 0))
      } catch {}
    }
    const timer = setInterval(look, 5)
    child.on('exit', () => {
      clearInterval(timer)
      console.log(most / 1024)
    })
  `
  return Number(run(process.execPath, ['-e', ask, command, ...args]).stdout)
}

const file = log(lines)
console.error(`${lines.toLocaleString('en')} lines, ${(statSync(file).size / 1e6).toFixed(0)} MB`)

/** @type {Record<string, number>} */
const best = {}
/** @type {string | undefined} */
let answer
for (let round = 0; round < rounds; round++) {
  for (const [name, { command, args, hourOf = String }] of Object.entries(tools)) {
    if (round === 0 && spawnSync(command, ['--version']).error !== undefined) {
      console.error(`${name} is not installed: left out`)
      delete tools[name]
      continue
    }
    // The slowest by far: once is enough to know.
    if (name === 'mlr' && round > 0) continue
    const { seconds, stdout } = run(command, args(file))
    const hours = stdout
      .trim()
      .split('\n')
      .map(hourOf)
      .toSorted((a, b) => (a < b ? -1 : 1))
      .join('\n')
    answer ??= hours
    if (hours !== answer) throw new Error(`${name} gives another answer:\n${hours}\ninstead of\n${answer}`)
    best[name] = Math.min(best[name] ?? Infinity, seconds)
  }
}

const own = best['tidemark'] ?? Number.NaN
/** @type {import('./report.mjs').Figure[]} */
const figures = Object.entries(best).map(([name, seconds]) => ({ name: `${name}, seconds`, measured: seconds }))
/** @type {Record<string, number>} */
const goals = { mawk: 0.8, gawk: 0.4, mlr: 0.2 }
for (const [name, atMost] of Object.entries(goals)) {
  const seconds = best[name]
  if (seconds !== undefined)
    figures.push({ name: `tidemark / ${name}, time`, measured: own / seconds, unit: 'x', atMost })
}

const { command, args } = tools['tidemark'] ?? { command: '', args: () => [] }
const memory = peakMegabytes(command, args(file))
const tenfold = peakMegabytes(command, args(log(10 * lines)))
figures.push(
  { name: `peak memory, ${lines.toLocaleString('en')} lines, MB`, measured: memory },
  { name: `peak memory, ${(10 * lines).toLocaleString('en')} lines, MB`, measured: tenfold },
  { name: 'the latter / the former', measured: tenfold / memory, unit: 'x', atMost: 1.2 },
)
report('cli', figures)
