// How long the command takes to start, against Node alone: `tidemark --version` and `node -e 0` in turn, many times, the best of each.
// And what a small file takes, which loads all that a question of the usual kind needs.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { report } from './report.mjs'

const rounds = Number(process.env['ROUNDS'] ?? 30)
const bin = fileURLToPath(new URL('../dist/cli/bin.js', import.meta.url))
const sample = fileURLToPath(new URL('../examples/access.log', import.meta.url))

const commands = {
  node: ['-e', '0'],
  version: [bin, '--version'],
  help: [bin, '--help'],
  question: [bin, '-p', 'combined', '-W', '1h', '-d', '60s', '-a', 'users=distinct(host)', '-q', sample],
}

/** @type {Record<string, number>} */
const best = {}
for (let round = 0; round < rounds; round++) {
  for (const [name, args] of Object.entries(commands)) {
    const start = performance.now()
    const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' })
    if (status !== 0) throw new Error(`${name} exited with ${status}`)
    best[name] = Math.min(best[name] ?? Infinity, performance.now() - start)
  }
}

const node = best['node'] ?? Number.NaN
report('start-up', [
  { name: 'node -e 0, ms', measured: node },
  { name: 'tidemark --version / node -e 0', measured: (best['version'] ?? Number.NaN) / node, unit: 'x', atMost: 1.5 },
  { name: 'tidemark --help / node -e 0', measured: (best['help'] ?? Number.NaN) / node, unit: 'x', atMost: 1.5 },
  { name: 'a question to 2,000 lines / node -e 0', measured: (best['question'] ?? Number.NaN) / node, unit: 'x' },
])
