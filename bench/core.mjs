// The cost of the toolkit itself: 10 M events, 1,000 string keys, source -> assignTimestamps -> keyBy -> tumbling sum ->
// values, against the same sum hand-written as one RxJS operator. Each contender runs in a process of its own, in turn,
// several times; the best time of each counts, because everything else on a machine only makes a run slower.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Observable } from 'rxjs'
import { boundedOutOfOrderness, defineSource, sum, tumbling } from 'tidemark'
import { assignTimestamps, keyBy, values, window } from 'tidemark/operators'
import { race } from './race.mjs'
import { report } from './report.mjs'

const events = Number(process.env['EVENTS'] ?? 10_000_000)
const rounds = Number(process.env['ROUNDS'] ?? 5)
const windowSize = 60_000
const disorder = 1_024

/** @typedef {{ time: number, key: string, amount: number }} Sale */

/** Calls back with chunks of events, one a millisecond, up to a second out of order.
 * @param {number} keyCount
 */
function* chunks(keyCount) {
  const keys = Array.from({ length: keyCount }, (_, i) => `customer-${i}`)
  let seed = 1
  for (let from = 0; from < events; from += 1_024) {
    /** @type {Sale[]} */
    const chunk = []
    for (let i = from; i < Math.min(from + 1_024, events); i++) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
      const key = keys[(seed >>> 12) % keyCount] ?? ''
      chunk.push({ time: 1_500_000_000_000 + i - (seed % disorder), key, amount: seed & 7 })
    }
    yield chunk
  }
}

/** The same source for both: chunks that are already in memory when they are asked for.
 * @param {number} keyCount
 */
const sales = (keyCount) =>
  defineSource({
    name: 'sales',
    open() {
      const iterator = chunks(keyCount)
      return {
        read() {
          const { value } = iterator.next()
          return value === undefined ? undefined : { values: value }
        },
        close() {},
      }
    },
  })

/** What one would write without a toolkit: watermark, windows and keys in one closure.
 * @returns {import('rxjs').OperatorFunction<Sale, number>}
 */
const handWritten = () => (source) =>
  new Observable((subscriber) => {
    /** @type {Map<number, Map<string, number>>} */
    const windows = new Map()
    let highest = -Infinity
    let watermark = -Infinity
    let nextEnd = Infinity
    const close = () => {
      const due = [...windows].filter(([start]) => start + windowSize <= watermark).sort(([a], [b]) => a - b)
      for (const [start, sums] of due) {
        windows.delete(start)
        for (const total of sums.values()) subscriber.next(total)
      }
      nextEnd = Math.min(...[...windows.keys()].map((start) => start + windowSize))
    }
    return source.subscribe({
      next({ time, key, amount }) {
        const start = Math.floor(time / windowSize) * windowSize
        if (start + windowSize <= watermark) return
        let sums = windows.get(start)
        if (sums === undefined) {
          windows.set(start, (sums = new Map()))
          nextEnd = Math.min(nextEnd, start + windowSize)
        }
        sums.set(key, (sums.get(key) ?? 0) + amount)
        if (time <= highest) return
        highest = time
        watermark = time - disorder
        if (watermark >= nextEnd) close()
      },
      error: (error) => subscriber.error(error),
      complete() {
        watermark = Infinity
        close()
        subscriber.complete()
      },
    })
  })

/** @param {Observable<Sale>} source */
const withTidemark = (source) =>
  source.pipe(
    assignTimestamps((sale) => sale.time, boundedOutOfOrderness(disorder)),
    keyBy((sale) => sale.key),
    window(
      tumbling(windowSize),
      sum((sale) => sale.amount),
    ),
    values(),
  )

/** @type {Record<string, () => Observable<number>>} */
const contenders = {
  'hand-written': () =>
    new Observable((subscriber) => {
      for (const chunk of chunks(1_000)) for (const sale of chunk) subscriber.next(sale)
      subscriber.complete()
    }).pipe(handWritten()),
  tidemark: () => withTidemark(sales(1_000)),
}

/** @param {Observable<number>} results */
function measure(results) {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    let count = 0
    let total = 0
    results.subscribe({
      next(value) {
        count += 1
        total += value
      },
      error: reject,
      complete: () => resolve({ ms: performance.now() - start, count, total }),
    })
  })
}

/** What the state of a sum takes for each window and key, while the input has not ended. */
async function bytesAPane() {
  const panes = 500_000
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc')
  const keys = Array.from({ length: panes }, (_, i) => `customer-${i}`)
  const heap = () => {
    collectGarbage()
    return process.memoryUsage().heapUsed
  }
  let before = 0
  let after = 0
  const source = defineSource({
    name: 'sales',
    open() {
      let next = 0
      before = heap()
      return {
        read() {
          const values = keys.slice(next, next + 1_000).map((key) => ({ time: 0, key, amount: 1 }))
          next += 1_000
          if (values.length > 0) return { values }
          after = heap()
          return undefined
        },
        close() {},
      }
    },
  })
  await measure(withTidemark(source))
  return (after - before) / panes
}

const [contender] = process.argv.slice(2)
if (contender !== undefined) {
  const make = contenders[contender]
  if (make === undefined) throw new Error(`no contender '${contender}'`)
  console.log(JSON.stringify(await measure(make())))
} else {
  /** @type {Readonly<Record<string, { ms: number, count: number, total: number }>>} */
  const best = race(import.meta.url, Object.keys(contenders), rounds)
  const { 'hand-written': hand, tidemark } = best
  if (hand === undefined || tidemark === undefined) throw new Error('no rounds')
  if (hand.total !== tidemark.total || hand.count !== tidemark.count) {
    throw new Error(`different results: ${JSON.stringify(best)}`)
  }
  report('core', [
    { name: 'hand-written, events/s', measured: Math.round(events / (hand.ms / 1_000)) },
    { name: 'tidemark, events/s', measured: Math.round(events / (tidemark.ms / 1_000)) },
    { name: 'tidemark / hand-written, time', measured: tidemark.ms / hand.ms, unit: 'x', atMost: 2 },
    { name: 'bytes a window and key', measured: Math.round(await bytesAPane()) },
  ])
}
