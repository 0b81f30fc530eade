import { readFileSync } from 'node:fs'
import { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'
import { main } from '../cli/main.ts'

const sample = fileURLToPath(new URL('access.log', import.meta.url))
const hour = 3_600_000
const disorder = 60_000

interface Answer {
  /** Hours in ISO 8601, each with its number of users. */
  readonly users: readonly (readonly [string, number])[]
  readonly lines: number
  readonly late: number
  readonly unparsable: number
}

/** The answer by a regular expression, a loop and a set an hour. What is late was behind a complete hour when it came. */
function batch(): Answer {
  const lines = readFileSync(sample, 'utf8').trimEnd().split('\n')
  const pattern =
    /^(\S+) \S+ \S+ \[(\d\d)\/(\w{3})\/(\d{4}):(\d\d:\d\d:\d\d) \+0000\] "(?:[^"\\]|\\.)*" \d{3} (?:\d+|-)(?: "(?:[^"\\]|\\.)*"){2}$/
  const hours = new Map<number, Set<string>>()
  let watermark = -Infinity
  let late = 0
  let unparsable = 0
  for (const line of lines) {
    const [, host = '', day = '', month = '', year = '', clock = ''] = pattern.exec(line) ?? []
    const time = Date.parse(`${day} ${month} ${year} ${clock} UTC`)
    // V8 takes the 31st of September for the 1st of October.
    if (Number.isNaN(time) || new Date(time).getUTCDate() !== Number(day)) {
      unparsable += 1
      continue
    }
    const start = time - (time % hour)
    if (start + hour <= watermark) late += 1
    else hours.set(start, (hours.get(start) ?? new Set()).add(host))
    watermark = Math.max(watermark, time - disorder)
  }
  const users = [...hours].map(([start, hosts]) => [new Date(start).toISOString(), hosts.size] as const)
  return { users, lines: lines.length, late, unparsable }
}

function collector(): { readonly stream: Writable; text(): string } {
  let text = ''
  const stream = new Writable({
    decodeStrings: false,
    write(piece, _encoding, done) {
      text += String(piece)
      done()
    },
  })
  return { stream, text: () => text }
}

test('the sample has lines out of order, late ones, unparsable ones, and all that a log has', () => {
  const log = readFileSync(sample, 'utf8')
  expect(batch()).toMatchObject({ lines: 2_000, late: 5, unparsable: 3, users: { length: 6 } })
  for (const part of [/^2001:db8:/m, / 304 - /, /\\"/, / - ada \[/, / "-" /]) expect(log).toMatch(part)
})

test('hourly-users.ts gives the answer of the batch', async () => {
  const { stream, text } = collector()
  vi.spyOn(process, 'stdout', 'get').mockReturnValue(stream as typeof process.stdout)
  vi.spyOn(process, 'argv', 'get').mockReturnValue(['node', 'hourly-users.ts', sample])
  await import('./hourly-users.ts')
  expect(text()).toBe(
    batch()
      .users.map(([start, count]) => `${start} ${count}\n`)
      .join(''),
  )
})

test('so does the command, and it says what it left out', async () => {
  const [stdout, stderr] = [collector(), collector()]
  const streams = { stdin: Readable.from([]), stdout: stdout.stream, stderr: stderr.stream }
  const argv = ['--parse', 'combined', '--window', '1h', '--agg', 'users=distinct(host)', '--disorder', '60s', sample]
  expect(await main(argv, streams, () => () => {})).toBe(0)
  const { users, late, unparsable } = batch()
  expect(stdout.text()).toBe(
    users
      .map(([start, count]) => {
        const end = new Date(Date.parse(start) + hour).toISOString()
        return `${JSON.stringify({ window_start: start, window_end: end, users: count })}\n`
      })
      .join(''),
  )
  expect(stderr.text()).toBe(`2,000 lines, ${late} late, ${unparsable} unparsable, ${users.length} windows\n`)
})
