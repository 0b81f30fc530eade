// What Node streams cost: four RxJS operators over small events, pumped by a job and inside of `stream.pipeline`, against the
// same operators in a bare RxJS loop, and against the same work hand-written as a Node Transform. Each contender runs in a
// process of its own, in turn, several times; the best time of each counts, because everything else on a machine only makes a
// run slower. Then a slow sink, to which far more is offered than it takes, and what memory that needs.
import { Readable, Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { filter, map, scan, Subject } from 'rxjs'
import { run } from 'tidemark'
import { toAsyncIterable } from 'tidemark/adapters/ix'
import { asDuplex, from, through, toWritable } from 'tidemark/adapters/node-stream'
import { race, runAlone } from './race.mjs'
import { report } from './report.mjs'

const events = Number(process.env['EVENTS'] ?? 3_000_000)
const rounds = Number(process.env['ROUNDS'] ?? 5)
/** The whole is 100 M, which takes some minutes. */
const offered = Number(process.env['OFFERED'] ?? 5_000_000)

/** @typedef {{ time: number, key: number, amount: number }} Sale */

/** @param {number} count @returns {Generator<Sale>} */
function* sales(count) {
  for (let i = 0; i < count; i++) yield { time: i, key: i % 1_000, amount: i & 7 }
}

/** The same as a Node stream. @param {number} count */
function readableSales(count) {
  const iterator = sales(count)
  return new Readable({
    objectMode: true,
    highWaterMark: 1_024,
    read() {
      for (;;) {
        const { value } = iterator.next()
        if (!this.push(value ?? null)) return
      }
    },
  })
}

const operators = /** @type {const} */ ([
  map((/** @type {Sale} */ { time, key, amount }) => ({ time, key, amount: amount * 2 })),
  filter((/** @type {Sale} */ { key }) => key % 4 !== 0),
  scan((/** @type {Sale} */ total, { time, key, amount }) => ({ time, key, amount: (total.amount + amount) | 0 })),
  map((/** @type {Sale} */ { time, amount }) => ({ time, total: amount })),
])

/** What one would write without RxJS. */
function handWritten() {
  /** @type {Sale | undefined} */
  let total
  return new Transform({
    objectMode: true,
    highWaterMark: 1_024,
    transform(/** @type {Sale} */ { time, key, amount }, _, callback) {
      const doubled = { time, key, amount: amount * 2 }
      if (key % 4 !== 0) {
        total = total === undefined ? doubled : { time, key, amount: (total.amount + doubled.amount) | 0 }
        this.push({ time, total: total.amount })
      }
      callback()
    },
  })
}

/** What has come out. */
let count = 0
let last = 0

/** @param {{ total: number }} result */
function take({ total }) {
  count += 1
  last = total
}

/** Counts what it is given, as fast as a Node stream can. */
function counting() {
  return new Writable({
    objectMode: true,
    highWaterMark: 1_024,
    write(result, _, callback) {
      take(result)
      callback()
    },
  })
}

/** @type {Record<string, () => unknown>} */
const contenders = {
  bare() {
    /** @type {Subject<Sale>} */
    const subject = new Subject()
    subject.pipe(...operators).subscribe(take)
    for (const sale of sales(events)) subject.next(sale)
  },
  pump: () => run(from(sales(events)).pipe(...operators), take).done,
  'pump into a Writable': () => run(from(sales(events)).pipe(...operators), toWritable(counting())).done,
  'through from an iterable': () => pipeline(sales(events), through(...operators), counting()),
  'through from a Readable': () => pipeline(readableSales(events), through(...operators), counting()),
  asDuplex: () => pipeline(readableSales(events), asDuplex(...operators), counting()),
  'hand-written Transform': () => pipeline(readableSales(events), handWritten(), counting()),
  async toAsyncIterable() {
    for await (const result of toAsyncIterable(from(sales(events)).pipe(...operators))) take(result)
  },
}

async function measure(/** @type {() => unknown} */ contender) {
  const start = performance.now()
  await contender()
  return { ms: performance.now() - start, count, last }
}

/** How resident memory grows while a sink takes a thousand events a millisecond at most. */
class Slow extends Writable {
  written = 0
  first = 0
  most = 0

  constructor() {
    super({ objectMode: true })
  }

  /** @override */
  _write(/** @type {unknown} */ _value, /** @type {unknown} */ _encoding, /** @type {() => void} */ callback) {
    this.written += 1
    if (this.written % 1_000 !== 0) {
      callback()
      return
    }
    const { rss } = process.memoryUsage()
    // By then everything is compiled, and the heap as large as it likes to be.
    if (this.written <= offered / 10) this.first = Math.max(this.first, rss)
    this.most = Math.max(this.most, rss)
    setTimeout(callback, 1)
  }
}

/** @type {Record<string, (slow: Slow) => Promise<unknown>>} */
const slowWays = {
  'slow run': (slow) => run(from(sales(offered)), toWritable(slow)).done,
  'slow through': (slow) => pipeline(readableSales(offered), through(map((/** @type {Sale} */ sale) => sale)), slow),
  'slow asDuplex': (slow) => pipeline(readableSales(offered), asDuplex(map((/** @type {Sale} */ sale) => sale)), slow),
}

const [name] = process.argv.slice(2)
const contender = contenders[name ?? '']
const slowWay = slowWays[name ?? '']
if (contender !== undefined) {
  console.log(JSON.stringify(await measure(contender)))
} else if (slowWay !== undefined) {
  const slow = new Slow()
  await slowWay(slow)
  if (slow.written !== offered) throw new Error(`expected ${offered} events, got ${slow.written}`)
  console.log(JSON.stringify({ megabytes: (slow.most - slow.first) / 2 ** 20 }))
} else {
  /** @type {Readonly<Record<string, { ms: number, count: number, last: number }>>} */
  const best = race(import.meta.url, Object.keys(contenders), rounds)
  const bare = best['bare']
  if (bare === undefined) throw new Error('no rounds')
  /** @param {string} way */
  const ratio = (way) => {
    const result = best[way]
    if (result?.count !== bare.count || result.last !== bare.last) {
      throw new Error(`different results: ${JSON.stringify(best)}`)
    }
    return result.ms / bare.ms
  }
  const unit = 'x'
  report('streams', [
    { name: 'bare RxJS loop, events/s', measured: Math.round(events / (bare.ms / 1_000)) },
    { name: 'pump', measured: ratio('pump'), unit, atMost: 1.3 },
    { name: 'pump into a Writable', measured: ratio('pump into a Writable'), unit },
    { name: 'through, from an iterable', measured: ratio('through from an iterable'), unit, atMost: 1.8 },
    { name: 'through, from a Readable', measured: ratio('through from a Readable'), unit },
    { name: 'asDuplex', measured: ratio('asDuplex'), unit, atMost: 3 },
    { name: 'toAsyncIterable', measured: ratio('toAsyncIterable'), unit },
    { name: 'a hand-written Transform', measured: ratio('hand-written Transform'), unit },
    ...Object.keys(slowWays).map((way) => ({
      name: `${way.replace('slow', 'slow sink,')}: growth over ${offered / 1_000_000} M events`,
      measured: runAlone(import.meta.url, way).megabytes,
      unit: ' MB',
      atMost: 64,
    })),
  ])
}
