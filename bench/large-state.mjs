// State that is larger than memory: a running sum of 4,000,000 keys with a heap of 64 MB, its state in LMDB. And where memory takes
// all of it, 1,000,000 keys, the speed of LMDB against that of the log, which is for state in memory. Keys come in no order.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineSource, monotonous, run, sum } from 'tidemark'
import { lmdbStore } from 'tidemark/adapters/lmdb'
import { aggregate, assignTimestamps, keyBy } from 'tidemark/operators'
import { race, runAlone } from './race.mjs'
import { report } from './report.mjs'

const rounds = Number(process.env['ROUNDS'] ?? 2)
const events = Number(process.env['EVENTS'] ?? 3_000_000)
const keys = Number(process.env['KEYS'] ?? 1_000_000)
const manyEvents = Number(process.env['MANY_EVENTS'] ?? 5_000_000)
const manyKeys = Number(process.env['MANY_KEYS'] ?? 4_000_000)
const smallHeap = 64

/** @typedef {{ ms: number, sum: number, keys: number, heap: number }} Measured */

/** Each key once, and then whichever. @param {number} count @param {number} keyCount */
function sales(count, keyCount) {
  return defineSource({
    name: 'sales',
    open() {
      let next = 0
      let seed = 1
      return {
        read() {
          if (next >= count) return undefined
          const values = []
          for (const until = Math.min(next + 1_024, count); next < until; next++) {
            seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
            const key = next < keyCount ? (next * 7_919) % keyCount : (seed >>> 4) % keyCount
            values.push({ time: next, key: `customer-${key}`, amount: 1 })
          }
          return { values }
        },
        close() {},
      }
    },
  })
}

/**
 * @param {number} count @param {number} keyCount @param {Omit<import('tidemark').CheckpointOptions, 'dir'>} checkpoint
 * @returns {Promise<Measured>}
 */
async function measure(count, keyCount, checkpoint) {
  const results = fileURLToPath(new URL('results/', import.meta.url))
  mkdirSync(results, { recursive: true })
  const dir = mkdtempSync(join(results, 'large-state-'))
  let total = 0
  let opened = 0
  const sums = sales(count, keyCount).pipe(
    assignTimestamps((sale) => sale.time, monotonous()),
    keyBy((sale) => sale.key),
    aggregate(
      sum((sale) => sale.amount),
      { keep: 'forever' },
    ),
  )
  /** @type {import('tidemark').Sink<import('tidemark').Element<number, string, undefined, import('tidemark').Diff>>} */
  const sink = {
    name: 'total',
    write(elements) {
      for (const element of elements) {
        if (element.kind !== 'event') continue
        total += element.value * element.diff
        if (element.value === 1 && element.diff === 1) opened += 1
      }
    },
    prepare: () => true,
  }
  const start = performance.now()
  try {
    await run(sums, sink, { onNotice: () => {}, checkpoint: { dir, ...checkpoint } }).done
    const ms = performance.now() - start
    if (total !== count || opened !== keyCount)
      throw new Error(`${total} of ${count} sales, ${opened} of ${keyCount} keys`)
    return { ms, sum: total, keys: opened, heap: process.memoryUsage().heapTotal }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** @type {Record<string, () => Promise<Measured>>} */
const contenders = {
  log: () => measure(events, keys, {}),
  lmdb: () => measure(events, keys, { store: lmdbStore }),
  'lmdb, 16 MiB between checkpoints': () => measure(events, keys, { store: lmdbStore, maxDirtyBytes: 16 * 2 ** 20 }),
}

const [contender] = process.argv.slice(2)
if (contender === undefined) compare()
else {
  const many = () => measure(manyEvents, manyKeys, { store: lmdbStore, maxDirtyBytes: 2 ** 20 })
  console.log(JSON.stringify(await (contender === 'small heap' ? many() : contenders[contender]?.())))
}

function compare() {
  /** @type {Measured} */
  const small = runAlone(import.meta.url, 'small heap', [`--max-old-space-size=${smallHeap}`])
  /** @type {Readonly<Record<string, Measured>>} */
  const best = race(import.meta.url, Object.keys(contenders), rounds)
  /** @param {string} name */
  const ms = (name) => best[name]?.ms ?? Number.NaN
  report('large-state', [
    {
      name: `${manyKeys.toLocaleString('en')} keys in lmdb, a heap of ${smallHeap} MB: keys seen`,
      measured: small.keys,
      atLeast: manyKeys,
    },
    { name: 'events/s of it', measured: Math.round(manyEvents / (small.ms / 1_000)) },
    ...Object.keys(contenders).map((name) => ({
      name: `${keys.toLocaleString('en')} keys, ${name}, events/s`,
      measured: Math.round(events / (ms(name) / 1_000)),
    })),
    { name: 'lmdb / log, speed', measured: ms('log') / ms('lmdb'), unit: 'x', atLeast: 0.3 },
    {
      name: 'lmdb, 16 MiB between checkpoints / log, speed',
      measured: ms('log') / ms('lmdb, 16 MiB between checkpoints'),
      unit: 'x',
      atLeast: 0.3,
    },
  ])
}
