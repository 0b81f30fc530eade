// Joins, tables and calls: all benchmarks of the folder joins, or those named: `npm run bench:joins -- interval async`. Exits with 1
// if one of them misses a goal.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const all = ['interval', 'temporal', 'd2ts', 'async']
const named = process.argv.slice(2)

for (const name of named.length > 0 ? named : all) {
  console.log(`\n${name}`)
  const script = fileURLToPath(new URL(`joins/${name}.mjs`, import.meta.url))
  const { status } = spawnSync(process.execPath, [script], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
