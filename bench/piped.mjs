// Memory while a log that never touches a disk goes through a pipe: the command's resident memory once a tenth of it is through, and at
// most from there on. `GIGABYTES=10 npm run bench:piped`; 1 unless said.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { report } from './report.mjs'

const gigabytes = Number(process.env['GIGABYTES'] ?? 1)
const bin = fileURLToPath(new URL('../dist/cli/bin.js', import.meta.url))
const args = [
  '-p',
  'combined',
  '-W',
  '10m',
  '-b',
  'status',
  '-a',
  'hits=count(),hosts=distinct(host),p99(bytes)',
  '-d',
  '60s',
]
const tidemark = spawn(process.execPath, [bin, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
let results = 0
tidemark.stdout.on(
  'data',
  (/** @type {Buffer} */ piece) => (results += piece.toString('latin1').split('\n').length - 1),
)

/** Resident memory, MB. */
function resident() {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${tidemark.pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024
  } catch {
    return 0
  }
}

let bytes = 0
let first = 0
let most = 0
const timer = setInterval(() => {
  const now = resident()
  if (bytes < gigabytes * 1e8) first = Math.max(first, now)
  else most = Math.max(most, now)
}, 50)

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const start = performance.now()
let seed = 1
let lines = 0
const random = (/** @type {number} */ below) => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff
  return (seed >>> 8) % below
}
while (bytes < gigabytes * 1e9) {
  let piece = ''
  for (let i = 0; i < 2_000; i++, lines++) {
    // A hundred lines a second, up to half a minute out of order.
    const time = new Date(Date.UTC(2026, 0, 1) + lines * 10 - random(30_000)).toISOString()
    const day = `${time.slice(8, 10)}/${months[Number(time.slice(5, 7)) - 1]}/${time.slice(0, 4)}:${time.slice(11, 19)} +0000`
    const status = [200, 200, 200, 304, 404, 500][random(6)]
    piece += `10.${random(256)}.${random(80)}.7 - - [${day}] "GET /items/${random(100_000)} HTTP/1.1" ${status} ${random(60_000)} "-" "Mozilla/5.0 (X11; Linux x86_64)"\n`
  }
  bytes += piece.length
  if (!tidemark.stdin.write(piece)) await once(tidemark.stdin, 'drain')
}
tidemark.stdin.end()
await once(tidemark, 'close')
clearInterval(timer)
const seconds = (performance.now() - start) / 1_000

report('piped', [
  { name: `${gigabytes} GB, ${lines.toLocaleString('en')} lines, results`, measured: results },
  { name: 'MB a second, generated and read', measured: bytes / 1e6 / seconds },
  { name: 'resident memory, the first tenth, MB', measured: first },
  { name: 'resident memory from there on, at most, MB', measured: most, atMost: 256 },
  { name: 'the latter / the former', measured: most / first, unit: 'x', atMost: 1.2 },
])
