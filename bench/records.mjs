// What the kernel takes to scan a log, against reading alone and against parsing line by line. Each way runs in a process of its own, in
// turn, several times, warm-up included; the best of each counts. `ROUNDS` and `LINES` for less.
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { run, route } from 'tidemark'
import { lines, records } from 'tidemark/adapters/file'
import { combined, json, parse } from 'tidemark/adapters/format'
import { accessLog, jsonLog } from './cli/logs.mjs'
import { race } from './race.mjs'
import { report } from './report.mjs'

const rounds = Number(process.env['ROUNDS'] ?? 5)
const count = Number(process.env['LINES'] ?? 1_000_000)
const logs = /** @type {const} */ (['access', 'json'])

/** @typedef {import('./race.mjs').Timed & { readonly cpu: number, readonly rows: number }} Outcome */

/**
 * What is asked of each log: two fields.
 *
 * @type {Readonly<Record<'access' | 'json', () => import('tidemark/adapters/format').Parser<unknown>>>}
 */
const parsers = {
  access: () => combined({ fields: ['host', 'time'] }),
  json: () => json({ fields: ['time', 'level'], instant: 'time' }),
}

/** @param {string} path */
function read(path) {
  const file = openSync(path, 'r')
  const chunk = Buffer.allocUnsafeSlow(2 ** 18)
  let lengths = 0
  for (let length = -1; length !== 0; lengths += length) length = readSync(file, chunk)
  closeSync(file)
  return lengths === statSync(path).size ? count : 0
}

/** @param {string} path @param {import('tidemark/adapters/format').Parser<unknown>} parser */
async function columns(path, { recipe }) {
  const { blockParser } = await import(new URL('../dist/adapters/records/parse-block.js', import.meta.url).href)
  const parseBlock = blockParser({ recipe, maxLineBytes: 2 ** 20 })
  const { size } = statSync(path)
  let rows = 0
  for (let start = 0; start < size; start += 2 ** 20) {
    rows += parseBlock({ path, start, end: Math.min(size, start + 2 ** 20) }).columns.rows
  }
  return rows
}

/** @param {import('rxjs').Observable<unknown>} source */
async function rowsOf(source) {
  let rows = 0
  await run([route(source, () => void (rows += 1))]).done
  return rows
}

/** @type {Readonly<Record<string, (path: string, log: 'access' | 'json') => number | Promise<number>>>} */
const ways = {
  read,
  columns: (path, log) => columns(path, parsers[log]()),
  'records, one thread': (path, log) => rowsOf(records(path, parsers[log](), { threads: 0 })),
  records: (path, log) => rowsOf(records(path, parsers[log]())),
  'line by line': (path, log) => rowsOf(lines(path).pipe(parse(parsers[log]()))),
}

/** @param {'access' | 'json'} log */
async function fileOf(log) {
  return log === 'access' ? accessLog(count) : await jsonLog(count)
}

const [, , name] = process.argv
if (name === undefined) {
  for (const log of logs) await fileOf(log)
  const names = logs.flatMap((log) => Object.keys(ways).map((way) => `${log}: ${way}`))
  /** @type {Readonly<Record<string, Outcome>>} */
  const best = race(import.meta.url, names, rounds)
  report(
    'records',
    names.flatMap((each) => [
      { name: `${each}, ms`, measured: best[each]?.ms ?? Number.NaN },
      { name: `${each}, ms of processors`, measured: best[each]?.cpu ?? Number.NaN },
    ]),
  )
} else {
  const log = name.startsWith('access') ? 'access' : 'json'
  const path = await fileOf(log)
  const [start, before] = [performance.now(), process.cpuUsage()]
  const rows = await ways[name.slice(log.length + 2)]?.(path, log)
  if (rows !== count) throw new Error(`${name}: ${rows} rows for ${count}`)
  const { user, system } = process.cpuUsage(before)
  console.log(JSON.stringify({ ms: performance.now() - start, cpu: (user + system) / 1_000, rows }))
}
