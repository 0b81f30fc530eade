// What mapAsync makes of a service that answers in 10 ms, asked about 100 events at a time: 10,000 events a second and no more.
// The best of several runs counts, because everything else on a machine only makes a run slower.
import { monotonous, run } from 'tidemark'
import { fromIterable } from 'tidemark/adapters/iterable'
import { assignTimestamps, mapAsync } from 'tidemark/operators'
import { report } from '../report.mjs'

const events = Number(process.env['EVENTS'] ?? 20_000)
const rounds = Number(process.env['ROUNDS'] ?? 5)
const capacity = 100
const latency = 10
const ideal = (capacity / latency) * 1_000

/**
 * Answers what it is asked after 10 ms to the clock's resolution. A timeout would be up to 2 ms late, which is the
 * machine's doing; so the service looks at the clock in each turn of the event loop.
 */
function service() {
  /** @type {{ due: number, answer: () => void }[]} */
  const open = []
  let isLooking = false
  const look = () => {
    const now = performance.now()
    let first = open[0]
    for (; first !== undefined && first.due <= now; first = open[0]) {
      open.shift()
      first.answer()
    }
    isLooking = first !== undefined
    if (isLooking) setImmediate(look)
  }
  /** @param {number} value @returns {Promise<number>} */
  return (value) =>
    new Promise((resolve) => {
      open.push({ due: performance.now() + latency, answer: () => resolve(value) })
      if (!isLooking) setImmediate(look)
      isLooking = true
    })
}

/** @param {'ordered' | 'unordered'} order @returns {Promise<number>} events a second */
async function speed(order) {
  const ask = service()
  const stream = fromIterable(Array.from({ length: events }, (_, i) => i)).pipe(
    assignTimestamps((n) => n, monotonous()),
    mapAsync(ask, { capacity, order }),
  )
  let results = 0
  const start = performance.now()
  await run(stream, {
    name: 'count',
    write(elements) {
      for (const element of elements) if (element.kind === 'event') results += 1
    },
  }).done
  if (results !== events) throw new Error(`expected ${events} results, got ${results}`)
  return events / ((performance.now() - start) / 1_000)
}

/** @type {import('../report.mjs').Figure[]} */
const figures = []
for (const order of /** @type {const} */ (['ordered', 'unordered'])) {
  let best = 0
  for (let round = 0; round < rounds; round++) best = Math.max(best, await speed(order))
  figures.push(
    { name: `${order}, events/s`, measured: Math.round(best) },
    { name: `${order}, of 10,000 a second`, measured: best / ideal, unit: 'x', atLeast: 0.9 },
  )
}
report('map-async', figures)
