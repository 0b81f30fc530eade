// What it costs to keep state: 1 M read-modify-writes over 200,000 keys, with commits of 10,000 and of 100,000 of them, as ratios
// to a plain map that is kept nowhere. Each contender runs in a process of its own, in turn, several times.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { logStore } from 'tidemark'
import { lmdbStore } from 'tidemark/adapters/lmdb'
import { race } from './race.mjs'
import { report } from './report.mjs'

const writes = Number(process.env['WRITES'] ?? 1_000_000)
const rounds = Number(process.env['ROUNDS'] ?? 3)
const keyCount = 200_000
const commitSizes = [10_000, 100_000]

/** @typedef {{ count: number, sum: number }} Total */

/** Calls back with the key and amount of each write, and between commits. The same for all.
 * @param {number} commitSize
 * @param {(key: string, amount: number) => void} write
 * @param {() => Promise<void>} commit
 */
async function play(commitSize, write, commit) {
  const keys = Array.from({ length: keyCount }, (_, i) => `customer-${i}`)
  let seed = 1
  for (let i = 1; i <= writes; i++) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    write(keys[(seed >>> 8) % keyCount] ?? '', seed & 1_023)
    if (i % commitSize === 0) await commit()
  }
}

/** @type {Record<string, (commitSize: number, folder: string) => Promise<void>>} */
const contenders = {
  async map(commitSize) {
    /** @type {Map<string, Total>} */
    const totals = new Map()
    await play(
      commitSize,
      (key, amount) => add(totals, key, amount),
      async () => {},
    )
  },

  async log(commitSize, folder) {
    const store = logStore(folder)
    await store.open()
    /** @type {Map<string, Total>} */
    const totals = new Map()
    /** @type {Set<string>} */
    const changed = new Set()
    let epoch = 0
    /** @param {Iterable<string>} keys @returns {(write: import('tidemark').WriteCell) => void} */
    const cells = (keys) => (write) => {
      for (const key of keys) write('totals', key, totals.get(key))
    }
    await play(
      commitSize,
      (key, amount) => {
        add(totals, key, amount)
        changed.add(key)
      },
      async () => {
        epoch += 1
        await store.commit({
          epoch,
          meta: new Uint8Array(),
          changes: cells(changed),
          all: (write) => cells(totals.keys())(write),
        })
        changed.clear()
      },
    )
    await store.close()
  },

  // What has changed since the last commit is in memory, all else in the database.
  async lmdb(commitSize, folder) {
    const store = lmdbStore(folder)
    await store.open()
    /** @type {Map<string, Total>} */
    const changed = new Map()
    let epoch = 0
    /** @param {import('tidemark').WriteCell} write */
    const changes = (write) => {
      for (const [key, total] of changed) write('totals', key, total)
    }
    await play(
      commitSize,
      (key, amount) => {
        if (!changed.has(key)) {
          const total = store.reader?.get('totals', key)
          if (total !== undefined) changed.set(key, /** @type {Total} */ (total))
        }
        add(changed, key, amount)
      },
      async () => {
        epoch += 1
        await store.commit({ epoch, meta: new Uint8Array(), changes, all: changes })
        changed.clear()
      },
    )
    await store.close()
  },
}

/**
 * @param {Map<string, Total>} totals
 * @param {string} key
 * @param {number} amount
 */
function add(totals, key, amount) {
  const total = totals.get(key)
  if (total === undefined) totals.set(key, { count: 1, sum: amount })
  else {
    total.count += 1
    total.sum += amount
  }
}

const named = process.argv[2]
if (named === undefined) {
  const names = commitSizes.flatMap((size) => Object.keys(contenders).map((name) => `${name}/${size}`))
  const best = race(import.meta.url, names, rounds)
  /** @param {string} name */
  const ms = (name) => best[name]?.ms ?? Number.NaN
  report(
    'state',
    commitSizes.flatMap((size) => [
      { name: `plain map, ${size / 1_000} k a commit`, measured: ms(`map/${size}`), unit: ' ms' },
      { name: `map and log, ${size / 1_000} k a commit`, measured: ms(`log/${size}`) / ms(`map/${size}`) },
      { name: `lmdb, ${size / 1_000} k a commit`, measured: ms(`lmdb/${size}`) / ms(`map/${size}`) },
    ]),
  )
} else {
  const [name = '', size] = named.split('/')
  // Beside the project and not in a folder for passing files, which may be one in memory.
  const results = join(import.meta.dirname, 'results')
  mkdirSync(results, { recursive: true })
  const folder = mkdtempSync(join(results, 'state-'))
  try {
    const start = performance.now()
    await contenders[name]?.(Number(size), folder)
    console.log(JSON.stringify({ ms: performance.now() - start }))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
