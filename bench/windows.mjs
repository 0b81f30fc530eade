// What windows, triggers and modes cost: each case as a ratio to a plain one, measured side by side in processes of their own,
// in turn, several times. The best time of each counts, because everything else on a machine only makes a run slower.
// With PLOT=1 it draws docs/hopping.svg.
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  afterCount,
  afterWatermark,
  boundedOutOfOrderness,
  count,
  defineSource,
  everyProcessingTime,
  hopping,
  run,
  session,
  sum,
  tumbling,
} from 'tidemark'
import { assignTimestamps, keyBy, window } from 'tidemark/operators'
import { curve } from './curve.mjs'
import { race, runAlone } from './race.mjs'
import { report } from './report.mjs'

const events = Number(process.env['EVENTS'] ?? 2_000_000)
const rounds = Number(process.env['ROUNDS'] ?? 5)
const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** @typedef {{ time: number, key: string, amount: number }} Sale */
/** @typedef {{ ms: number, results: number, total: number }} Measured */

/**
 * One event a millisecond, in chunks that are in memory when they are asked for.
 *
 * @param {{ keys: number, disorder?: number, share?: number, spread?: number }} options `share` of the events come up to
 *   `disorder` ms late; times advance by `spread` ms an event
 */
function sales({ keys: keyCount, disorder = 0, share = 0, spread = 1 }) {
  const keys = Array.from({ length: keyCount }, (_, i) => `customer-${i}`)
  return defineSource({
    name: 'sales',
    open() {
      let seed = 1
      let next = 0
      const random = () => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
      return {
        read() {
          if (next >= events) return undefined
          /** @type {Sale[]} */
          const values = []
          for (const until = Math.min(next + 1_024, events); next < until; next++) {
            const delay = share > 0 && random() < share ? Math.floor(random() * disorder) : 0
            const key = keys[Math.floor(random() * keyCount)] ?? ''
            values.push({ time: 1_500_000_000_000 + Math.floor(next * spread) - delay, key, amount: next & 7 })
          }
          return { values }
        },
        close() {},
      }
    },
  })
}

/** @param {Parameters<typeof sales>[0]} options */
const keyed = (options) =>
  sales(options).pipe(
    assignTimestamps((sale) => sale.time, boundedOutOfOrderness(options.disorder ?? 0)),
    keyBy((sale) => sale.key),
  )

const amounts = () => sum((/** @type {Sale} */ sale) => sale.amount)
/** Sales of a hundred customers, five of a hundred of them up to ten seconds late. */
const hundred = { keys: 100, disorder: 10 * second, share: 0.05 }
/** Sales of a hundred thousand, each of whom buys every twenty seconds. */
const many = { keys: 100_000, disorder: 10 * second, share: 0.05, spread: 0.2 }
const refined = { allowedLateness: minute }

/** @type {Record<string, () => import('rxjs').Observable<unknown>>} */
const contenders = {
  'tumbling 1h': () => keyed(hundred).pipe(window(tumbling(hour), amounts())),
  'hopping 1h by 1h': () => keyed(hundred).pipe(window(hopping(hour, hour), amounts())),
  'hopping 1h by 10m': () => keyed(hundred).pipe(window(hopping(hour, 10 * minute), amounts())),
  'hopping 1h by 1m': () => keyed(hundred).pipe(window(hopping(hour, minute), amounts())),
  'hopping 1h by 10s': () => keyed(hundred).pipe(window(hopping(hour, 10 * second), amounts())),
  'hopping 1h by 1s': () => keyed(hundred).pipe(window(hopping(hour, second), amounts())),
  'tumbling 1m, 100,000 keys': () => keyed(many).pipe(window(tumbling(minute), count())),
  'session 1m, 100,000 keys': () => keyed(many).pipe(window(session(minute), count())),
  'default trigger': () => keyed(hundred).pipe(window(tumbling(minute), amounts(), refined)),
  'early and late trigger': () =>
    keyed(hundred).pipe(
      window(tumbling(minute), amounts(), {
        ...refined,
        trigger: afterWatermark({ early: everyProcessingTime('1s'), late: afterCount(1) }),
      }),
    ),
  'disorder 0 %': () => keyed({ keys: 1_000, disorder: 10 * second }).pipe(window(tumbling(minute), amounts())),
  'disorder 10 %': () =>
    keyed({ keys: 1_000, disorder: 10 * second, share: 0.1 }).pipe(window(tumbling(minute), amounts())),
  'disorder 50 %': () =>
    keyed({ keys: 1_000, disorder: 10 * second, share: 0.5 }).pipe(window(tumbling(minute), amounts())),
  // Late by far more than the bound, so that there is something to refine.
  accumulating: () => late('accumulating'),
  retracting: () => late('retracting'),
}

/** @param {'accumulating' | 'retracting'} accumulation */
function late(accumulation) {
  return sales(hundred).pipe(
    assignTimestamps((sale) => sale.time, boundedOutOfOrderness(second)),
    keyBy((sale) => sale.key),
    window(tumbling(10 * second), amounts(), { allowedLateness: minute, accumulation }),
  )
}

/** @param {import('rxjs').Observable<unknown>} stream @returns {Promise<Measured>} */
async function measure(stream) {
  const start = performance.now()
  let results = 0
  let total = 0
  await run(stream, {
    name: 'count',
    async write(/** @type {readonly import('tidemark').Element<number, string, unknown, 1 | -1>[]} */ elements) {
      for (const element of elements) {
        if (element.kind !== 'event') continue
        results += 1
        total += element.value * element.diff
      }
    },
  }).done
  return { ms: performance.now() - start, results, total }
}

/** What a million sessions take, each of a key of its own, and how long the event loop stands still when all of them close. */
async function million() {
  const panes = 1_000_000
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc')
  const keys = Array.from({ length: panes }, (_, i) => `customer-${i}`)
  const heap = () => {
    collectGarbage()
    return process.memoryUsage().heapUsed
  }
  /** @type {Record<string, number>} */
  const figures = {}
  for (const [name, windows, key] of /** @type {const} */ ([
    ['sessions', session(minute), true],
    ['tumbling windows of one key', tumbling(second), false],
    ['keys in one tumbling window', tumbling(hour), true],
  ])) {
    const delay = monitorEventLoopDelay({ resolution: 1 })
    let before = 0
    let closing = 0
    const source = defineSource({
      name: 'sales',
      open() {
        let next = 0
        before = heap()
        return {
          read() {
            const values = keys.slice(next, next + 1_000).map((each, i) => ({
              time: key ? 0 : (next + i) * second,
              key: key ? each : '',
              amount: 1,
            }))
            next += 1_000
            if (values.length > 0) return { values }
            figures[`bytes: ${name}`] = (heap() - before) / panes
            // What follows is the one watermark that closes all.
            delay.enable()
            closing = performance.now()
            return undefined
          },
          close() {},
        }
      },
    })
    const stream = source.pipe(
      assignTimestamps((sale) => sale.time, boundedOutOfOrderness(1e12)),
      keyBy((sale) => sale.key),
      window(windows, count()),
    )
    const { results } = await measure(stream)
    if (results !== panes) throw new Error(`${name}: ${results} results`)
    delay.disable()
    figures[`longest pause: ${name}`] = delay.max / 1e6
    figures[`all closed: ${name}`] = performance.now() - closing
  }
  return figures
}

const [contender] = process.argv.slice(2)
if (contender === 'million') console.log(JSON.stringify(await million()))
else if (contender !== undefined) {
  const make = contenders[contender]
  if (make === undefined) throw new Error(`no contender '${contender}'`)
  console.log(JSON.stringify(await measure(make())))
} else await compare()

async function compare() {
  /** @type {Readonly<Record<string, Measured>>} */
  const best = race(import.meta.url, Object.keys(contenders), rounds)
  /** @param {string} name */
  const of = (name) => best[name] ?? { ms: Number.NaN, results: 0, total: 0 }
  /** @param {string} name @param {string} reference */
  const speed = (name, reference) => of(reference).ms / of(name).ms
  // The same events: what a window takes is taken, whatever the order and the trigger.
  for (const [a, b] of /** @type {const} */ ([
    ['tumbling 1h', 'hopping 1h by 1h'],
    ['disorder 0 %', 'disorder 10 %'],
    ['disorder 0 %', 'disorder 50 %'],
    ['default trigger', 'retracting'],
  ])) {
    if (of(a).total !== of(b).total) throw new Error(`${a} and ${b} differ: ${of(a).total}, ${of(b).total}`)
  }
  const hops = ['1h', '10m', '1m', '10s', '1s']
  const points = hops.map((hop) => ({ label: hop, value: speed(`hopping 1h by ${hop}`, 'tumbling 1h') }))
  /** @type {Record<string, number>} */
  const pauses = {}
  for (let round = 0; round < Math.min(rounds, 3); round++) {
    for (const [name, figure] of Object.entries(runAlone(import.meta.url, 'million')))
      pauses[name] = Math.min(pauses[name] ?? Infinity, figure)
  }
  report('windows', [
    ...Object.entries(best).map(([name, { ms }]) => ({
      name: `${name}, events/s`,
      measured: Math.round(events / (ms / 1_000)),
    })),
    ...points.map(({ label, value }) => ({
      name: `hopping 1h by ${label} / tumbling 1h, speed`,
      measured: value,
      unit: 'x',
      ...(label === '1s' ? { atLeast: 0.25 } : {}),
    })),
    {
      name: 'session / tumbling, 100,000 keys, speed',
      measured: speed('session 1m, 100,000 keys', 'tumbling 1m, 100,000 keys'),
      unit: 'x',
      atLeast: 0.3,
    },
    {
      name: 'early and late trigger / default trigger, speed',
      measured: speed('early and late trigger', 'default trigger'),
      unit: 'x',
      atLeast: 0.5,
    },
    { name: 'disorder 10 % / none, speed', measured: speed('disorder 10 %', 'disorder 0 %'), unit: 'x' },
    { name: 'disorder 50 % / none, speed', measured: speed('disorder 50 %', 'disorder 0 %'), unit: 'x', atLeast: 0.7 },
    {
      name: 'retracting / accumulating, speed',
      measured: speed('retracting', 'accumulating'),
      unit: 'x',
      atLeast: 0.7,
    },
    ...Object.entries(pauses).map(([name, measured]) => ({
      name: `1,000,000 ${name.replace(/^.*: /, '')}, ${name.replace(/: .*$/, '')}`,
      measured: Math.round(measured),
      unit: name.startsWith('bytes') ? ' bytes' : ' ms',
      ...(name.startsWith('longest') ? { atMost: 50 } : {}),
    })),
  ])
  if (process.env['PLOT'] === undefined) return
  const drawing = curve({ title: 'Speed of hopping(1h, hop), tumbling(1h) being 1', unit: 'x', goal: 0.25, points })
  writeFileSync(fileURLToPath(new URL('../docs/hopping.svg', import.meta.url)), drawing)
}
