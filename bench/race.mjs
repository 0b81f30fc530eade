// A race of several ways to do a thing: each runs in a process of its own, in turn, several times. The best time of each counts,
// because everything else on a machine only makes a run slower.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * What a contender of a race has come to.
 *
 * @typedef {{ readonly ms: number }} Timed
 */

/**
 * Runs a script with a contender's name as its argument, which has to print its figures as JSON.
 *
 * @param {string} script its `import.meta.url`
 * @param {string} name
 * @param {readonly string[]} [options] of Node
 */
export function runAlone(script, name, options = []) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...options, fileURLToPath(script), name], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

/**
 * Runs contenders against each other; gives the best run of each.
 *
 * @template {Timed} M
 * @param {string} script its `import.meta.url`
 * @param {readonly string[]} names
 * @param {number} rounds
 * @returns {Readonly<Record<string, M>>}
 */
export function race(script, names, rounds) {
  /** @type {Record<string, M>} */
  const best = {}
  for (let round = 0; round < rounds; round++) {
    for (const name of names) {
      /** @type {M} */
      const result = runAlone(script, name)
      if (result.ms < (best[name]?.ms ?? Infinity)) best[name] = result
    }
  }
  return best
}
