// What a join with a table costs and holds: a million events against a hundred thousand versions of ten thousand rows, compared
// with a keyed tumbling sum over all of them.
import { boundedOutOfOrderness, defineSource, run, sum, tumbling } from 'tidemark'
import { assignTimestamps, keyBy, merge, temporalJoin, window } from 'tidemark/operators'
import { race } from '../race.mjs'
import { report } from '../report.mjs'

const events = Number(process.env['EVENTS'] ?? 1_000_000)
const rounds = Number(process.env['ROUNDS'] ?? 5)
const keyCount = 10_000
const disorder = 10_000
/** Events for each version of a row. */
const eventsOfVersion = 10

/** @typedef {{ time: number, key: string, amount: number }} Sale */
/** @typedef {{ ms: number, results: number, held: number }} Measured */

/**
 * Sales of customers, some of a hundred up to ten seconds late.
 *
 * @param {{ seed: number, count: number, step: number, share: number }} options `step` ms from one to the next; `share` are late
 */
function sales({ seed, count, step, share }) {
  const keys = Array.from({ length: keyCount }, (_, i) => `customer-${i}`)
  const source = defineSource({
    name: 'sales',
    open() {
      let state = seed
      let next = 0
      const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
      return {
        read() {
          if (next >= count) return undefined
          /** @type {Sale[]} */
          const values = []
          for (const until = Math.min(next + 1_024, count); next < until; next++) {
            const delay = random() < share ? Math.floor(random() * disorder) : 0
            const key = keys[Math.floor(random() * keyCount)] ?? ''
            values.push({ time: 1_500_000_000_000 + next * step - delay, key, amount: next & 7 })
          }
          return { values }
        },
        close() {},
      }
    },
  })
  return source.pipe(
    assignTimestamps((sale) => sale.time, boundedOutOfOrderness(disorder)),
    keyBy((sale) => sale.key),
  )
}

/** @param {number} share */
const stream = (share) => sales({ seed: 1, count: events, step: 1, share })
/** @param {number} share */
const table = (share) => sales({ seed: 2, count: events / eventsOfVersion, step: eventsOfVersion, share })
/** @param {number} share */
const summed = (share) =>
  merge(stream(share), table(share)).pipe(
    window(
      tumbling('10s'),
      sum((sale) => sale.amount),
    ),
  )

/** @type {Record<string, () => import('rxjs').Observable<unknown>>} */
const contenders = {
  'tumbling sum': () => summed(0.05),
  versioned: () => stream(0.05).pipe(temporalJoin(table(0.05), { kind: 'left' })),
  latest: () => stream(0.05).pipe(temporalJoin(table(0.05), { kind: 'left', versions: 'latest' })),
  'tumbling sum, all out of order': () => summed(1),
  'versioned, all out of order': () => stream(1).pipe(temporalJoin(table(1), { kind: 'left' })),
}

/** @param {import('rxjs').Observable<unknown>} joined @returns {Promise<Measured>} */
async function measure(joined) {
  const start = performance.now()
  let results = 0
  let held = 0
  const job = run(joined, {
    name: 'count',
    async write(/** @type {readonly import('tidemark').Element<unknown, string, unknown, 1 | -1>[]} */ elements) {
      for (const element of elements) if (element.kind === 'event') results += 1
      held = Math.max(held, job.metrics().operators.at(-1)?.held ?? 0)
    },
  })
  const { operators } = await job.done
  if (operators.some((operator) => operator.late > 0)) throw new Error('events were late')
  return { ms: performance.now() - start, results, held }
}

const [contender] = process.argv.slice(2)
if (contender !== undefined) {
  const make = contenders[contender]
  if (make === undefined) throw new Error(`no contender '${contender}'`)
  console.log(JSON.stringify(await measure(make())))
} else compare()

function compare() {
  /** @type {Readonly<Record<string, Measured>>} */
  const best = race(import.meta.url, Object.keys(contenders), rounds)
  /** @param {string} name */
  const of = (name) => best[name] ?? { ms: Number.NaN, results: 0, held: 0 }
  for (const name of Object.keys(contenders)) {
    if (!name.startsWith('tumbling') && of(name).results !== events)
      throw new Error(`${name}: ${of(name).results} results`)
  }
  /** What waits for the watermark on both sides, and a row a key; twice that, because one source is read ahead of the other. */
  const bound = disorder + disorder / eventsOfVersion + keyCount
  report('temporal-join', [
    ...Object.entries(best).map(([name, { ms }]) => ({
      name: `${name}, events/s`,
      measured: Math.round((events * (1 + 1 / eventsOfVersion)) / (ms / 1_000)),
    })),
    {
      name: 'versioned / tumbling sum, speed',
      measured: of('tumbling sum').ms / of('versioned').ms,
      unit: 'x',
      atLeast: 0.4,
    },
    {
      name: 'latest / tumbling sum, speed',
      measured: of('tumbling sum').ms / of('latest').ms,
      unit: 'x',
      atLeast: 0.4,
    },
    {
      name: 'versioned / tumbling sum, all out of order, speed',
      measured: of('tumbling sum, all out of order').ms / of('versioned, all out of order').ms,
      unit: 'x',
    },
    { name: 'versioned, most held', measured: of('versioned').held, atMost: 2 * bound },
    { name: 'latest, most held', measured: of('latest').held, atMost: keyCount },
  ])
}
