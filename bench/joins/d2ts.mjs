// Tables and sums against @electric-sql/d2ts, differential dataflow in JavaScript: the same changes, the same results. It works
// in batches, and tidemark on one event after the other. A batch of 1,000 is what a source gives at once; larger ones are what it
// could do if somebody had collected them before: of a windowed sum, at most the whole window, told when it is complete.
import { D2, join, map, MultiSet, output, reduce } from '@electric-sql/d2ts'
import { boundedOutOfOrderness, defineSource, monotonous, run, sum, tumbling } from 'tidemark'
import { assignTimestamps, changes, keyBy, tableJoin, toTable, window } from 'tidemark/operators'
import { race } from '../race.mjs'
import { report } from '../report.mjs'

const changeCount = Number(process.env['CHANGES'] ?? 1_000_000)
const events = Number(process.env['EVENTS'] ?? 2_000_000)
const rounds = Number(process.env['ROUNDS'] ?? 2)
/** Rows of each table. */
const rowCount = 20_000
const keyCount = 1_000
/** ms, and so the events of a window. */
const size = 60_000

/**
 * What a contender has come to: insertions and retractions that went out, and what they fold to.
 *
 * @typedef {{ ms: number, results: number, total: number }} Measured
 */

/** @typedef {{ time: number, key: string, amount: number }} Row */

/** @param {number} seed @param {number} count @param {number} keys @returns {Row[]} */
function rows(seed, count, keys) {
  let state = seed
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
  const names = Array.from({ length: keys }, (_, i) => `key-${i}`)
  return Array.from({ length: count }, (_, time) => ({
    time,
    key: names[Math.floor(random() * keys)] ?? '',
    amount: Math.floor(random() * 1_000),
  }))
}

/** @param {readonly Row[]} all */
function source(all) {
  return defineSource({
    name: 'rows',
    open() {
      let next = 0
      return {
        read() {
          if (next >= all.length) return undefined
          const values = all.slice(next, next + 1_024)
          next += values.length
          return { values }
        },
        close() {},
      }
    },
  })
}

/**
 * @param {import('rxjs').Observable<import('tidemark').Element<T, string, unknown, 1 | -1>>} stream
 * @param {(value: T) => number} amountOf
 * @template T
 */
async function fold(stream, amountOf) {
  let results = 0
  let total = 0
  const start = performance.now()
  await run(stream.pipe(changes()), {
    name: 'fold',
    write(made) {
      results += made.length
      for (const { op, value } of made) total += (op === '+' ? 1 : -1) * amountOf(value)
    },
  }).done
  return { ms: performance.now() - start, results, total }
}

/** @param {readonly Row[]} all */
function table(all) {
  return source(all).pipe(
    assignTimestamps((row) => row.time, monotonous()),
    keyBy((row) => row.key),
    toTable(),
  )
}

const sides = () => [rows(1, changeCount / 2, rowCount), rows(2, changeCount / 2, rowCount)]

/** @returns {Promise<Measured>} */
async function joinedByTidemark() {
  const [left = [], right = []] = sides()
  return await fold(table(left).pipe(tableJoin(table(right))), ({ left, right }) => left.amount * right.amount)
}

/** @param {number} batch changes of each table in a version */
function joinedByD2ts(batch) {
  const [left = [], right = []] = sides()
  const graph = new D2({ initialFrontier: 0 })
  /** @type {[ReturnType<typeof graph.newInput<[string, number]>>, ReturnType<typeof graph.newInput<[string, number]>>]} */
  const inputs = [graph.newInput(), graph.newInput()]
  let results = 0
  let total = 0
  inputs[0].pipe(
    join(inputs[1]),
    output((message) => {
      if (!('collection' in message.data)) return
      for (const [[, [a, b]], diff] of /** @type {[[string, [number, number]], number][]} */ (
        message.data.collection.getInner()
      )) {
        results += 1
        total += diff * a * b
      }
    }),
  )
  graph.finalize()
  const standing = [new Map(), new Map()]
  const start = performance.now()
  for (let next = 0, version = 0; next < left.length; next += batch, version++) {
    for (const [side, all] of [left, right].entries()) {
      /** @type {[[string, number], number][]} */
      const delta = []
      const there = standing[side]
      for (const { key, amount } of all.slice(next, next + batch)) {
        const before = there?.get(key)
        if (before !== undefined) delta.push([[key, before], -1])
        delta.push([[key, amount], 1])
        there?.set(key, amount)
      }
      inputs[side]?.sendData(version, new MultiSet(delta))
    }
    for (const input of inputs) input.sendFrontier(version + 1)
    graph.run()
  }
  return { ms: performance.now() - start, results, total }
}

/** @returns {Promise<Measured>} */
async function summedByTidemark() {
  const stream = source(rows(3, events, keyCount)).pipe(
    assignTimestamps((row) => row.time, boundedOutOfOrderness(0)),
    keyBy((row) => row.key),
    window(
      tumbling(size),
      sum((row) => row.amount),
    ),
  )
  return await fold(stream, (value) => value)
}

/** @param {number} batch events in a version, after each of which the sums so far leave */
function summedByD2ts(batch) {
  const all = rows(3, events, keyCount)
  const graph = new D2({ initialFrontier: 0 })
  /** @type {ReturnType<typeof graph.newInput<Row>>} */
  const input = graph.newInput()
  let results = 0
  let total = 0
  input.pipe(
    map((row) => /** @type {[string, number]} */ ([`${row.key}@${row.time - (row.time % size)}`, row.amount])),
    reduce((values) => {
      let amount = 0
      for (const [value, diff] of values) amount += value * diff
      return [[amount, 1]]
    }),
    output((message) => {
      if (!('collection' in message.data)) return
      for (const [[, amount], diff] of /** @type {[[string, number], number][]} */ (
        message.data.collection.getInner()
      )) {
        results += 1
        total += diff * amount
      }
    }),
  )
  graph.finalize()
  const start = performance.now()
  for (let next = 0, version = 0; next < all.length; next += batch, version++) {
    input.sendData(version, new MultiSet(all.slice(next, next + batch).map((row) => [row, 1])))
    input.sendFrontier(version + 1)
    graph.run()
  }
  return { ms: performance.now() - start, results, total }
}

/** @type {Record<string, () => Measured | Promise<Measured>>} */
const contenders = {
  'table join, tidemark': joinedByTidemark,
  'table join, d2ts by 100': () => joinedByD2ts(100),
  'table join, d2ts by 1,000': () => joinedByD2ts(1_000),
  'table join, d2ts by 10,000': () => joinedByD2ts(10_000),
  'windowed sum, tidemark': summedByTidemark,
  'windowed sum, d2ts by 1,000': () => summedByD2ts(1_000),
  'windowed sum, d2ts by 10,000': () => summedByD2ts(10_000),
  'windowed sum, d2ts by window': () => summedByD2ts(size),
}

const [contender] = process.argv.slice(2)
if (contender === undefined) compare()
else console.log(JSON.stringify(await contenders[contender]?.()))

function compare() {
  /** @type {Readonly<Record<string, Measured>>} */
  const best = race(import.meta.url, Object.keys(contenders), rounds)
  /** @param {string} what @param {number} count @param {number} goal @returns {import('../report.mjs').Figure[]} */
  const figures = (what, count, goal) => {
    const all = Object.entries(best).filter(([name]) => name.startsWith(what))
    if (new Set(all.map(([, { total }]) => total)).size !== 1)
      throw new Error(`different results: ${JSON.stringify(all)}`)
    const own = best[`${what}, tidemark`]?.ms ?? Number.NaN
    const theirs = Math.min(...all.filter(([name]) => !name.endsWith('tidemark')).map(([, { ms }]) => ms))
    const alike = best[`${what}, d2ts by 1,000`]?.ms ?? Number.NaN
    return [
      ...all.map(([name, { ms }]) => ({ name: `${name}, /s`, measured: Math.round(count / (ms / 1_000)) })),
      { name: `${what}, tidemark / d2ts by 1,000, speed`, measured: alike / own, unit: 'x', atLeast: goal },
      { name: `${what}, tidemark / d2ts at its best, speed`, measured: theirs / own, unit: 'x' },
    ]
  }
  report('d2ts', [...figures('table join', changeCount, 5), ...figures('windowed sum', events, 20)])
}
