// Writes lines to a log at a steady rate and rotates it: `node follow-writer.mjs LOG WHOLE SECONDS RATE ROTATION`. Lines come up to half a second
// out of order, and one of 5,000 three seconds late. WHOLE gets the same lines and is not rotated. It tells when the line that completes a
// window of a second, with a disorder of a second, had been written.
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'

const [log = '', whole = '', seconds = '', rate = '', rotation = ''] = process.argv.slice(2)
const kept = 3
const copy = openSync(whole, 'a')
let file = openSync(log, 'a')
let [lines, rotations] = [0, 0]
let completed = Math.floor(Date.now() / 1_000)
/** @type {string[]} */
let told = []

/** @param {number} count */
function write(count) {
  const time = Date.now()
  let text = ''
  for (let i = 0; i < count; i++) {
    const behind = lines % 5_000 === 4_999 ? 3_000 : i === count - 1 ? 0 : (lines * 7_919) % 500
    const status = [200, 200, 200, 304, 404, 500][(lines * 31) % 6]
    const request = `"path":"/item/${(lines * 17) % 999}","status":${status},"ms":${(lines * 13) % 250}`
    text += `{"time":${time - behind},"host":"10.0.${lines % 7}.${(lines * 37) % 251}",${request}}\n`
    lines += 1
  }
  writeSync(file, text)
  const at = performance.timeOrigin + performance.now()
  writeSync(copy, text)
  const until = Math.floor((time - 1_000) / 1_000)
  for (; completed < until; completed++) told.push(JSON.stringify({ end: (completed + 1) * 1_000, at }))
}

function rotate() {
  rmSync(`${log}.${kept}`, { force: true })
  for (let n = kept - 1; n >= 1; n--) {
    try {
      renameSync(`${log}.${n}`, `${log}.${n + 1}`)
    } catch {
      // There are not so many yet.
    }
  }
  renameSync(log, `${log}.1`)
  // The writer learns of it a little later.
  write(50)
  closeSync(file)
  file = openSync(log, 'a')
  rotations += 1
}

const start = performance.now()
let next = Number(rotation)
for (;;) {
  const elapsed = (performance.now() - start) / 1_000
  if (elapsed >= Number(seconds)) break
  const due = Math.floor(elapsed * Number(rate)) - lines
  if (due > 0) write(due)
  if (elapsed >= next) {
    rotate()
    next += Number(rotation)
  }
  if (told.length > 0) process.stdout.write(`${told.join('\n')}\n`)
  told = []
  await setTimeout(5)
}
process.stdout.write(`${JSON.stringify({ lines, rotations })}\n`)
