// The package's entry points, read from the exports map of package.json.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * @typedef {object} Entry
 * @property {string} specifier what a user imports: `tidemark/operators`
 * @property {string} label a file name for it: `operators`
 * @property {string} types its declarations, absolute
 */

export const root = fileURLToPath(new URL('..', import.meta.url))

/** @type {{ name: string, exports: Record<string, string | { types: string }> }} */
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))

/** @type {readonly Entry[]} */
export const entries = Object.entries(manifest.exports).flatMap(([subpath, target]) =>
  typeof target === 'string'
    ? []
    : [
        {
          specifier: manifest.name + subpath.slice(1),
          label: subpath === '.' ? manifest.name : subpath.slice(2).replaceAll('/', '-'),
          types: root + target.types.slice(2),
        },
      ],
)
