// Figures of a benchmark: a row each, a JSON file, and an exit code that says whether all goals were met.
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * @typedef {object} Figure
 * @property {string} name
 * @property {number} measured
 * @property {string} [unit]
 * @property {number} [atMost] the goal, if there is one
 * @property {number} [atLeast] the goal, if there is one
 */

/** Prints the figures and writes them to `results/NAME.json`; exits with 1 if one is short of its goal.
 * @param {string} name
 * @param {readonly Figure[]} figures
 */
export function report(name, figures) {
  const rows = figures.map((figure) => {
    const { measured, unit = '', atMost, atLeast } = figure
    const isShort = (atMost !== undefined && measured > atMost) || (atLeast !== undefined && measured < atLeast)
    const goal = atMost !== undefined ? `<= ${format(atMost)}` : atLeast !== undefined ? `>= ${format(atLeast)}` : ''
    const verdict = goal === '' ? '' : isShort ? 'short' : 'ok'
    return { name: figure.name, measured: `${format(measured)}${unit}`, goal, verdict }
  })
  const widths = /** @type {const} */ (['name', 'measured', 'goal', 'verdict']).map((column) =>
    Math.max(column.length, ...rows.map((row) => row[column].length)),
  )
  for (const row of [{ name: 'name', measured: 'measured', goal: 'goal', verdict: 'verdict' }, ...rows]) {
    const [first = '', ...rest] = Object.values(row).map((cell, i) =>
      i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
    )
    console.log([first, ...rest].join('  '))
  }
  const folder = new URL('results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    fileURLToPath(new URL(`${name}.json`, folder)),
    `${JSON.stringify({ name, node: process.version, figures }, null, 2)}\n`,
  )
  if (rows.some((row) => row.verdict === 'short')) process.exitCode = 1
}

/** @param {number} number */
function format(number) {
  if (Number.isInteger(number)) return number.toLocaleString('en')
  return number >= 100 ? Math.round(number).toLocaleString('en') : number.toFixed(2)
}
