// What checkpoints cost: a running sum of 200,000 keys, all of which change between two checkpoints a second apart, against the same
// without; and how long a job takes to come back with the state of a million keys.
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineSource, monotonous, run, sum } from 'tidemark'
import { aggregate, assignTimestamps, keyBy } from 'tidemark/operators'
import { race, runAlone } from './race.mjs'
import { report } from './report.mjs'

const events = Number(process.env['EVENTS'] ?? 6_000_000)
const rounds = Number(process.env['ROUNDS'] ?? 3)

/** @typedef {{ ms: number, results: number, checkpoints: number }} Measured */

/** Sales of each key in turn, so that all change. @param {number} count @param {number} keyCount @param {boolean} [hasEnd] */
function sales(count, keyCount, hasEnd = true) {
  const keys = Array.from({ length: keyCount }, (_, i) => `customer-${i}`)
  return defineSource({
    name: 'sales',
    open(_, position) {
      let next = Number(position ?? 0)
      return {
        read() {
          if (next >= count) return hasEnd ? undefined : new Promise(() => {})
          const values = []
          const first = next
          for (const until = Math.min(next + 1_024, count); next < until; next++) {
            values.push({ time: next, key: keys[(next * 7_919) % keyCount] ?? '', amount: next & 7 })
          }
          return { values, position: first }
        },
        close() {},
      }
    },
  }).pipe(
    assignTimestamps((sale) => sale.time, monotonous()),
    keyBy((sale) => sale.key),
    aggregate(
      sum((sale) => sale.amount),
      { keep: 'forever' },
    ),
  )
}

/**
 * @param {number} count @param {number} keyCount @param {import('tidemark').CheckpointOptions} [checkpoint]
 * @returns {Promise<Measured>}
 */
async function measure(count, keyCount, checkpoint) {
  let results = 0
  let checkpoints = 0
  const start = performance.now()
  const sink = {
    name: 'count',
    /** @param {readonly unknown[]} elements */
    write(elements) {
      results += elements.length
    },
    prepare() {
      checkpoints += 1
    },
  }
  await run(sales(count, keyCount), sink, {
    onNotice: () => {},
    ...(checkpoint === undefined ? {} : { checkpoint }),
  }).done
  return { ms: performance.now() - start, results, checkpoints }
}

/** @template T @param {(dir: string) => Promise<T>} work */
async function inFolder(work) {
  const dir = mkdtempSync(join(fileURLToPath(new URL('results/', import.meta.url)), 'jobs-'))
  try {
    return await work(dir)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** The time until a job is back with the state of a million keys, which one before it has left when it was stopped. */
async function recovery() {
  const keyCount = 1_000_000
  return await inFolder(async (dir) => {
    let results = 0
    let ms = 0
    const start = async () => {
      const began = performance.now()
      results = 0
      /** @type {() => void} */
      let onReady = () => {}
      /** @type {Promise<void>} */
      const ready = new Promise((resolve) => (onReady = resolve))
      const sink = {
        name: 'count',
        /** @param {readonly { readonly kind: string }[]} elements */
        write(elements) {
          for (const { kind } of elements) if (kind === 'event') results += 1
          if (results >= keyCount) onReady()
        },
        /** @param {unknown} receipt */
        recover(receipt) {
          ms = performance.now() - began
          if (receipt !== undefined) onReady()
        },
        prepare: () => true,
      }
      const job = run(sales(keyCount, keyCount, false), sink, { onNotice: () => {}, checkpoint: { dir, every: '1h' } })
      await ready
      const { operators } = await job.stop()
      if (operators.at(-1)?.entries !== keyCount) throw new Error(`${operators.at(-1)?.entries} keys are there`)
    }
    await start()
    await start()
    return { ms, results, checkpoints: 0 }
  })
}

/** @type {Record<string, () => Promise<Measured>>} */
const contenders = {
  'no checkpoints': () => measure(events, 200_000),
  'a checkpoint every second': () => inFolder((dir) => measure(events, 200_000, { dir, every: '1s' })),
}

const [contender] = process.argv.slice(2)
if (contender === undefined) compare()
else console.log(JSON.stringify(await (contender === 'recovery' ? recovery() : contenders[contender]?.())))

function compare() {
  /** @type {Readonly<Record<string, Measured>>} */
  const best = race(import.meta.url, Object.keys(contenders), rounds)
  /** @param {string} name */
  const of = (name) => best[name] ?? { ms: Number.NaN, results: 0, checkpoints: 0 }
  const [plain, saved] = [of('no checkpoints'), of('a checkpoint every second')]
  report('jobs', [
    ...Object.entries(best).map(([name, { ms }]) => ({
      name: `${name}, events/s`,
      measured: Math.round(events / (ms / 1_000)),
    })),
    { name: 'checkpoints taken', measured: saved.checkpoints },
    { name: 'a checkpoint every second / none, speed', measured: plain.ms / saved.ms, unit: 'x', atLeast: 0.75 },
    { name: 'recovery of 1,000,000 keys', measured: Math.round(runAlone(import.meta.url, 'recovery').ms), unit: ' ms' },
  ])
}
