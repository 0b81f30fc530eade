// The rules of this codebase that no linter knows: which folder may import which, where time and chance may come from, and
// how long a file may get. Tests are free of them.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { root } from './entries.mjs'

/** Imports go one way. A folder may import itself and these. @type {Record<string, readonly string[]>} */
const allowed = {
  'index.ts': ['lib'],
  lib: [],
  operators: ['lib'],
  adapters: ['lib'],
  testing: ['lib', 'operators'],
  'property-tests': ['lib', 'operators', 'testing'],
  cli: ['index.ts', 'lib', 'operators', 'adapters'],
}

/** Packages and modules that belong to some places only. */
const reserved = [
  {
    name: /^node:stream(\/|$)/,
    places: /^(lib\/job|adapters\/|cli\/)/,
    why: 'only lib/job* and adapters touch node:stream',
  },
  { name: /^node:timers(\/|$)/, places: /^(lib\/clock\.ts$|cli\/)/, why: 'time is injected: use the clock' },
  { name: /^fast-check$/, places: /^property-tests\//, why: 'fast-check is a peer of property-tests alone' },
  { name: /^ix(\/|$)/, places: /^adapters\/ix\//, why: 'ix is a peer of adapters/ix alone' },
  { name: /^tidemark(\/|$)/, places: /^$/, why: 'sources name each other by relative paths' },
]

/** What makes a run impossible to repeat. */
const banned =
  /\b(Date\.now|Math\.random|performance\.now|setTimeout|setInterval|setImmediate)\s*\(|\bnew Date\b(?!\s*\(\s*[^\s)])/g
const repeatable = /^(lib|operators|adapters)\//
const clock = 'lib/clock.ts'

const longest = 250

/** @type {string[]} */
const problems = []

for (const file of sources()) {
  const code = withoutComments(readFileSync(join(root, file), 'utf8'))
  const lines = code.split('\n')
  const folder = String(file.split('/')[0])

  lines.forEach((line, i) => {
    const place = `${file}:${String(i + 1)}`
    for (const name of imports(line)) {
      for (const { name: pattern, places, why } of reserved)
        if (pattern.test(name) && !places.test(file)) problems.push(`${place}: imports ${name}; ${why}`)
      if (!name.startsWith('.')) continue
      const target = String(relative(root, join(root, dirname(file), name)).split(sep)[0])
      if (target !== folder && !(allowed[folder] ?? []).includes(target))
        problems.push(`${place}: ${folder} must not import ${target}`)
    }
    if (repeatable.test(file) && file !== clock)
      for (const [call] of line.matchAll(banned))
        problems.push(`${place}: ${call.replace(/\s*\($/, '')}; time and chance are injected, see ${clock}`)
  })

  const length = lines.length - 1
  if (repeatable.test(file) && length > longest)
    problems.push(`${file}: ${String(length)} lines; past ${String(longest)} it is two things`)
}

if (readFileSync(join(root, 'package-lock.json'), 'utf8').includes('"resolved": "http'))
  problems.push('package-lock.json: names a registry; .npmrc should keep it from doing so')

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exitCode = 1
else console.log('the rules of the codebase hold')

function sources() {
  const present = Object.keys(allowed).filter((top) => existsSync(join(root, top)))
  return present.flatMap((top) =>
    top.endsWith('.ts')
      ? [top]
      : readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
          .map((path) => `${top}/${path.replaceAll(sep, '/')}`)
          .filter((path) => path.endsWith('.ts') && !/\.test(-d)?\.ts$/.test(path) && !path.includes('/fixtures/')),
  )
}

/**
 * Comments become blanks, so that line numbers stay; strings stay too.
 *
 * @param {string} code
 */
function withoutComments(code) {
  return code.replaceAll(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/.*/g,
    (match, /** @type {string | undefined} */ string) => string ?? match.replaceAll(/[^\n]/g, ' '),
  )
}

/** @param {string} line */
function imports(line) {
  return [...line.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)(['"])([^'"]+)\1/g)].map(([, , name]) => String(name))
}
