// How long it takes from a write to a file to the event of a job that follows it: told by the file system, and by looking every so
// often. Each write is timed by itself, with a pause of random length before it.
import { EventEmitter, once } from 'node:events'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { run } from 'tidemark'
import { tail } from 'tidemark/adapters/tail'
import { report } from './report.mjs'

const writes = Number(process.env['WRITES'] ?? 300)
const poll = 100

/** Milliseconds from each write to its event, sorted.
 * @param {boolean} watch
 */
async function latencies(watch) {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-bench-tail-'))
  const path = join(folder, 'app.log')
  writeFileSync(path, '')
  const lines = new EventEmitter()
  const job = run(tail(path, { from: 'start', watch, poll: watch ? '1s' : poll }), () => void lines.emit('line'))
  await setTimeout(200)
  /** @type {number[]} */
  const taken = []
  for (let i = 0; i < writes; i++) {
    await setTimeout(5 + Math.random() * 20)
    const came = once(lines, 'line')
    const began = performance.now()
    appendFileSync(path, `line ${i}\n`)
    await came
    taken.push(performance.now() - began)
  }
  await job.stop()
  rmSync(folder, { recursive: true })
  return taken.sort((a, b) => a - b)
}

const told = await latencies(true)
const polled = await latencies(false)
const at = (/** @type {readonly number[]} */ sorted, /** @type {number} */ share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

report('tail', [
  { name: 'told by the file system, median', measured: at(told, 0.5), unit: ' ms', atMost: 20 },
  { name: 'told by the file system, 99 of 100', measured: at(told, 0.99), unit: ' ms' },
  { name: `looking every ${poll} ms, median`, measured: at(polled, 0.5), unit: ' ms', atMost: poll },
  { name: `looking every ${poll} ms, 99 of 100`, measured: at(polled, 0.99), unit: ' ms' },
])
