// What joins cost and hold: two million events of two sources, against a keyed tumbling sum over the same events. What
// is held is counted, and the same in every run.
import { boundedOutOfOrderness, defineSource, run, sum, tumbling } from 'tidemark'
import { assignTimestamps, intervalJoin, keyBy, merge, window } from 'tidemark/operators'
import { race, runAlone } from '../race.mjs'
import { report } from '../report.mjs'

/** Of each source. */
const events = Number(process.env['EVENTS'] ?? 1_000_000)
const rounds = Number(process.env['ROUNDS'] ?? 5)
const second = 1_000
const bound = 10 * second
const disorder = 10 * second

/** @typedef {{ time: number, key: string, amount: number }} Sale */
/** @typedef {{ ms: number, results: number }} Measured */

/**
 * One event a millisecond, five of a hundred up to ten seconds out of order.
 *
 * @param {{ seed: number, chunk?: number, turns?: number }} options `turns` of the event loop go by before a chunk is there; 0
 *   unless given
 */
function sales({ seed, chunk = 1_024, turns = 0 }) {
  const keyCount = 10_000
  const keys = Array.from({ length: keyCount }, (_, i) => `customer-${i}`)
  const source = defineSource({
    name: 'sales',
    open() {
      let state = seed
      let next = 0
      const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
      const read = () => {
        if (next >= events) return undefined
        /** @type {Sale[]} */
        const values = []
        for (const until = Math.min(next + chunk, events); next < until; next++) {
          const delay = random() < 0.05 ? Math.floor(random() * disorder) : 0
          const key = keys[Math.floor(random() * keyCount)] ?? ''
          values.push({ time: 1_500_000_000_000 + next - delay, key, amount: next & 7 })
        }
        return { values }
      }
      return {
        read: turns === 0 ? read : () => later(turns).then(read),
        close() {},
      }
    },
  })
  return source.pipe(
    assignTimestamps((sale) => sale.time, boundedOutOfOrderness(disorder)),
    keyBy((sale) => sale.key),
  )
}

/** @param {number} turns */
async function later(turns) {
  for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve))
}

const left = () => sales({ seed: 1 })
const right = () => sales({ seed: 2 })

/** @type {Record<string, () => import('rxjs').Observable<unknown>>} */
const contenders = {
  'tumbling sum': () =>
    merge(left(), right()).pipe(
      window(
        tumbling(bound),
        sum((sale) => sale.amount),
      ),
    ),
  'interval join': () => left().pipe(intervalJoin(right(), 0, bound)),
  'interval join, full': () => left().pipe(intervalJoin(right(), 0, bound, { kind: 'full' })),
  'interval join, before or after': () => left().pipe(intervalJoin(right(), -bound, bound)),
}

/** How a join holds events, by how the sources answer. @type {Record<string, () => import('rxjs').Observable<unknown>>} */
const holders = {
  'sources alike': contenders['interval join'] ?? left,
  // The one has ten chunks ready where the other has one.
  'one source 10 times faster': () =>
    sales({ seed: 1, turns: 1 }).pipe(intervalJoin(sales({ seed: 2, turns: 10 }), 0, bound)),
}

/** What the bound needs: of the left source the bound, and of both the ten seconds that the watermark is behind. */
const needed = bound + 2 * disorder

/** @param {import('rxjs').Observable<unknown>} stream @returns {Promise<Measured>} */
async function measure(stream) {
  const start = performance.now()
  let results = 0
  await run(stream, {
    name: 'count',
    async write(/** @type {readonly unknown[]} */ elements) {
      results += elements.length
    },
  }).done
  return { ms: performance.now() - start, results }
}

/** The most that is held in each tenth of a run. @param {import('rxjs').Observable<unknown>} stream */
async function hold(stream) {
  const most = Array.from({ length: 10 }, () => 0)
  const job = run(stream, {
    name: 'watch',
    async write() {
      const join = job.metrics().operators.find(({ name }) => name === 'intervalJoin')
      const tenth = Math.min(9, Math.floor(((join?.in ?? 0) / (2 * events)) * 10))
      most[tenth] = Math.max(most[tenth] ?? 0, join?.held ?? Infinity)
    },
  })
  await job.done
  return most
}

const [contender] = process.argv.slice(2)
if (contender === undefined) await compare()
else {
  const holder = holders[contender]
  const make = contenders[contender]
  if (holder !== undefined) console.log(JSON.stringify(await hold(holder())))
  else if (make !== undefined) console.log(JSON.stringify(await measure(make())))
  else throw new Error(`no contender '${contender}'`)
}

async function compare() {
  /** @type {Readonly<Record<string, Measured>>} */
  const best = race(import.meta.url, Object.keys(contenders), rounds)
  /** @param {string} name */
  const speed = (name) => (best['tumbling sum']?.ms ?? Number.NaN) / (best[name]?.ms ?? Number.NaN)
  const held = Object.keys(holders).map((name) => ({
    name,
    most: /** @type {number[]} */ (runAlone(import.meta.url, name)),
  }))
  console.log('held, the most in each tenth of the run:')
  for (const { name, most } of held) console.log(`  ${name}: ${most.map((n) => n.toLocaleString('en')).join(' ')}`)
  report('interval-join', [
    ...Object.entries(best).map(([name, { ms }]) => ({
      name: `${name}, events/s`,
      measured: Math.round((2 * events) / (ms / 1_000)),
    })),
    { name: 'interval join / tumbling sum, speed', measured: speed('interval join'), unit: 'x', atLeast: 0.25 },
    ...['interval join, full', 'interval join, before or after'].map((name) => ({
      name: `${name} / tumbling sum, speed`,
      measured: speed(name),
      unit: 'x',
    })),
    ...held.flatMap(({ name, most }) => [
      {
        name: `held, ${name} / what the bound needs`,
        measured: Math.max(...most) / needed,
        unit: 'x',
        atMost: 2,
      },
      {
        name: `held, ${name}, at the end / at first`,
        // The first tenth fills up.
        measured: Math.max(...most.slice(5)) / Math.max(...most.slice(1, 5)),
        unit: 'x',
        atMost: 1.1,
      },
    ]),
  ])
}
