// The logs that the command is compared on, each made once.
import { spawnSync } from 'node:child_process'
import { createWriteStream, existsSync, mkdirSync } from 'node:fs'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const path = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url))
const cache = path('../.cache/')

/** An access log of so many lines of 24 hours.
 * @param {number} count
 */
export function accessLog(count) {
  mkdirSync(cache, { recursive: true })
  const file = `${cache}access-${count}.log`
  if (existsSync(file)) return file
  console.error(`writing ${count.toLocaleString('en')} lines`)
  const settings = ['--span', '24h', '--late', '0', '--bad', '0', '--hosts', '20000', '--out', file]
  const made = spawnSync(process.execPath, [
    path('../../examples/make-access-log.mjs'),
    '--lines',
    String(count),
    ...settings,
  ])
  if (made.status !== 0) throw new Error(String(made.stderr))
  return file
}

const levels = ['debug', 'info', 'info', 'info', 'info', 'warn', 'error']
const services = ['checkout', 'search', 'accounts', 'mail']

/** A log of so many lines of JSON, as services write them.
 * @param {number} count
 */
export async function jsonLog(count) {
  mkdirSync(cache, { recursive: true })
  const file = `${cache}json-${count}.log`
  if (existsSync(file)) return file
  console.error(`writing ${count.toLocaleString('en')} lines of JSON`)
  const out = createWriteStream(file)
  let seed = 1
  const random = (/** @type {number} */ below) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7f_ff_ff_ff
    return (seed >>> 8) % below
  }
  for (let i = 0; i < count; i += 1_000) {
    let piece = ''
    for (let j = i; j < Math.min(count, i + 1_000); j++) {
      const time = new Date(Date.UTC(2026, 0, 1) + j * 86).toISOString()
      const level = levels[random(levels.length)]
      const context = { id: random(1_000_000).toString(16), path: `/items/${random(500)}`, ms: random(900) / 10 }
      piece += `${JSON.stringify({ time, level, service: services[random(4)], msg: `request ${j} "done"`, ...context })}\n`
    }
    if (!out.write(piece)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
  return file
}
