// How long the command takes to start, against Node alone: `tidemark --version`, `node -e 0` and the others in turn, many times, the best of
// each. A small file that is answered loads all that a question of the usual kind needs.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { report } from './report.mjs'

const rounds = Number(process.env['ROUNDS'] ?? 30)
const bin = fileURLToPath(new URL('../dist/cli/bin.js', import.meta.url))
const sample = fileURLToPath(new URL('../examples/access.log', import.meta.url))
const place = mkdtempSync(join(tmpdir(), 'tidemark-start-up-'))
const small = join(place, 'small.ndjson')
const levels = ['info', 'warn', 'error']
const lines = Array.from({ length: 100 }, (_, i) =>
  JSON.stringify({ time: new Date(i * 1_000).toISOString(), level: levels[i % levels.length], ms: i }),
)
writeFileSync(small, `${lines.join('\n')}\n`)

/** @type {Record<'node' | 'version' | 'help' | 'small' | 'question', readonly string[]>} */
const commands = {
  node: ['-e', '0'],
  version: [bin, '--version'],
  help: [bin, '--help'],
  small: [bin, '-p', 'json', '-t', 'time', '-W', 'none', '-b', 'level', '-q', '-o', 'tsv', small],
  question: [bin, '-p', 'combined', '-W', '1h', '-d', '60s', '-a', 'users=distinct(host)', '-q', sample],
}

/** @type {Record<string, number>} */
const best = {}
for (let round = 0; round < rounds; round++) {
  for (const [name, args] of Object.entries(commands)) {
    const start = performance.now()
    execute(name, args)
    best[name] = Math.min(best[name] ?? Infinity, performance.now() - start)
  }
}
const loaded = filesLoaded()
rmSync(place, { recursive: true })

/** @param {string} name */
const ratio = (name) => (best[name] ?? Number.NaN) / (best['node'] ?? Number.NaN)

report('start-up', [
  { name: 'node -e 0, ms', measured: best['node'] ?? Number.NaN },
  { name: 'tidemark --version / node -e 0', measured: ratio('version'), unit: 'x', atMost: 1.5 },
  { name: 'tidemark --help / node -e 0', measured: ratio('help'), unit: 'x', atMost: 1.5 },
  { name: 'a question to 100 lines / node -e 0', measured: ratio('small'), unit: 'x' },
  { name: 'files that this loads', measured: loaded },
  { name: 'a question to 2,000 lines / node -e 0', measured: ratio('question'), unit: 'x' },
])

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @param {Record<string, string>} [environment]
 */
function execute(name, args, environment = {}) {
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore', env: { ...process.env, ...environment } })
  if (status !== 0) throw new Error(`${name} exited with ${status}`)
}

/** Node writes down the code it has run. */
function filesLoaded() {
  const coverage = join(place, 'coverage')
  mkdirSync(coverage)
  execute('small', commands.small, { NODE_V8_COVERAGE: coverage })
  const [written = ''] = readdirSync(coverage)
  /** @type {{ result: readonly { url: string }[] }} */
  const { result } = JSON.parse(readFileSync(join(coverage, written), 'utf8'))
  return result.filter(({ url }) => url.startsWith('file:')).length
}
