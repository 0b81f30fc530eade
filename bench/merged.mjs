// What merging files by event time costs: 50 files of syslog with times in three zones, one without a year and one gzipped, merged by
// `mergedRecords`, against reading and parsing the same files one after the other. Each contender runs in a process of its own, in turn,
// several times; the best time of each counts, because everything else on a machine only makes a run slower. Then it is looked at
// whether the merge is the sort of all, and what memory it needs for so many lines and for a tenth of them.
import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createGzip } from 'node:zlib'
import { concat } from 'rxjs'
import { run } from 'tidemark'
import { lines as linesOf, mergedRecords } from 'tidemark/adapters/file'
import { parse, syslog } from 'tidemark/adapters/format'
import { race, runAlone } from './race.mjs'
import { report } from './report.mjs'

const rounds = Number(process.env['ROUNDS'] ?? 3)
const lines = Number(process.env['LINES'] ?? 10_000_000)
const files = 50
const folder = process.env['MERGED_FOLDER'] ?? ''

/** Beginning of the logs: an hour before new year, UTC. Two hours of them, however many lines there are. */
const start = Date.UTC(2025, 11, 31, 23)
const span = 7_200_000
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** @typedef {import('tidemark/adapters/format').SyslogMessage} SyslogMessage */

/** How the files are written and read, by the first letter of their names. */
const kinds = [
  { name: 'berlin', zone: 'Europe/Berlin', offset: 3_600_000, year: ' 2026', last: ' 2025', isZipped: false },
  { name: 'tokyo', zone: 'Asia/Tokyo', offset: 9 * 3_600_000, year: ' 2026', last: ' 2025', isZipped: false },
  { name: 'utc', zone: 'UTC', offset: 0, year: ' 2026', last: ' 2025', isZipped: false },
  { name: 'yearless', zone: 'UTC', offset: 0, year: '', last: '', isZipped: false },
  { name: 'zipped', zone: 'Europe/Berlin', offset: 3_600_000, year: ' 2026', last: ' 2025', isZipped: true },
]

/** @param {number} file */
function kindOf(file) {
  const kind = file < files - 2 ? kinds[file % 3] : kinds[file - files + 5]
  if (kind === undefined) throw new Error('no such file')
  return kind
}

/** @param {number} number */
const two = (number) => String(number).padStart(2, '0')

/** Deals lines in order to the files, as a hash says. @param {string} into @param {number} count */
async function generate(into, count) {
  const outputs = Array.from({ length: files }, (_, file) => {
    const { name, isZipped } = kindOf(file)
    const stream = createWriteStream(join(into, `${name}-${two(file)}`))
    const zipped = isZipped ? createGzip() : undefined
    zipped?.pipe(stream)
    return { stream, input: zipped ?? stream, text: '', lines: 0, kind: kindOf(file) }
  })
  let seed = 1
  for (let number = 0; number < count; number++) {
    // Numerical Recipes' generator.
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    const file = Math.floor((seed / 2 ** 32) * files)
    const output = outputs[file]
    if (output === undefined) continue
    const { kind } = output
    const local = new Date(start + Math.floor((number / count) * span) + kind.offset)
    const year = local.getUTCFullYear() === 2026 ? kind.year : kind.last
    const date = `${months[local.getUTCMonth()]} ${String(local.getUTCDate()).padStart(2)}${year}`
    const time = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`
    output.text += `${date} ${time} host app[42]: ${file} ${output.lines} GET /a/path/of/a/page 200 5120\n`
    output.lines += 1
    if (output.text.length > 2 ** 18) {
      if (!output.input.write(output.text)) await once(output.input, 'drain')
      output.text = ''
    }
  }
  await Promise.all(
    outputs.map(async ({ input, stream, text }) => {
      const finished = once(stream, 'close')
      input.end(text)
      await finished
    }),
  )
}

/** @typedef {(from: string, take: (message: SyslogMessage) => void) => Promise<unknown>} Contender */

/** @type {{ readonly 'one by one': Contender, readonly merged: Contender }} */
const contenders = {
  'one by one': (from, take) =>
    run(
      concat(
        ...kinds.map(({ name, zone }) =>
          linesOf(join(from, `${name}-*`)).pipe(parse(syslog({ zone, now: () => start }))),
        ),
      ),
      take,
    ).done,
  merged: (from, take) =>
    run(
      mergedRecords(
        kinds.map(({ name, zone }) => ({
          paths: join(from, `${name}-*`),
          start,
          parser: (/** @type {() => number} */ now) => syslog({ zone, now }),
        })),
        (message) => message.time,
      ),
      take,
    ).done,
}

/** @param {Contender} contender @param {string} from */
async function measure(contender, from) {
  let count = 0
  let sum = 0
  const before = performance.now()
  await contender(from, ({ time }) => {
    count += 1
    sum = (sum + time / 1_000) % 2 ** 40
  })
  const ms = performance.now() - before
  return { ms, count, sum, megabytes: process.resourceUsage().maxRSS / 1_024 }
}

/** Sees that times rise, equal ones in the order of the files, and that of each file every line is there. @param {string} from */
async function check(from) {
  const order = kinds.flatMap(({ name }) =>
    Array.from({ length: files }, (_, file) => file).filter((file) => kindOf(file).name === name),
  )
  const next = Array.from({ length: files }, () => 0)
  let last = -Infinity
  let lastRank = 0
  let wrong = 0
  let count = 0
  await contenders.merged(from, ({ time, message }) => {
    const [file = 0, line = 0] = message.split(' ', 2).map(Number)
    const rank = order.indexOf(file)
    if (time < last || (time === last && rank < lastRank) || next[file] !== line) wrong += 1
    next[file] = line + 1
    last = time
    lastRank = rank
    count += 1
  })
  return { ms: 0, wrong, count }
}

const [name = ''] = process.argv.slice(2)
const contender = name === 'merged' || name === 'one by one' ? contenders[name] : undefined
if (name === 'check') {
  console.log(JSON.stringify(await check(join(folder, 'all'))))
} else if (name === 'few') {
  console.log(JSON.stringify(await measure(contenders.merged, join(folder, 'few'))))
} else if (contender !== undefined) {
  console.log(JSON.stringify(await measure(contender, join(folder, 'all'))))
} else {
  const made = mkdtempSync(join(tmpdir(), 'tidemark-bench-merged-'))
  process.env['MERGED_FOLDER'] = made
  try {
    for (const [part, count] of /** @type {const} */ ([
      ['all', lines],
      ['few', lines / 10],
    ])) {
      mkdirSync(join(made, part))
      await generate(join(made, part), count)
    }
    /** @type {Readonly<Record<string, { ms: number, count: number, sum: number, megabytes: number }>>} */
    const best = race(import.meta.url, Object.keys(contenders), rounds)
    const { 'one by one': oneByOne, merged } = best
    if (oneByOne === undefined || merged === undefined) throw new Error('no rounds')
    if (merged.count !== lines || merged.count !== oneByOne.count || merged.sum !== oneByOne.sum) {
      throw new Error(`different results: ${JSON.stringify(best)}`)
    }
    const checked = runAlone(import.meta.url, 'check')
    report('merged', [
      {
        name: `${files} files, ${lines} lines, one after the other, lines/s`,
        measured: Math.round(lines / (oneByOne.ms / 1_000)),
      },
      { name: 'merged by event time', measured: oneByOne.ms / merged.ms, unit: 'x', atLeast: 0.5 },
      {
        name: 'records that are not where the sort of all has them',
        measured: checked.wrong + lines - checked.count,
        atMost: 0,
      },
      { name: 'memory of the merge', measured: merged.megabytes, unit: ' MB' },
      {
        name: 'memory of the merge, beyond that of a tenth of the lines',
        measured: merged.megabytes - runAlone(import.meta.url, 'few').megabytes,
        unit: ' MB',
        atMost: 64,
      },
    ])
  } finally {
    rmSync(made, { recursive: true })
  }
}
