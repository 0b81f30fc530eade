// The session in the README, as it comes out now. `UPDATE_DOCS=1 npx vitest run docs/session.test.ts` records it anew.
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Session, type Step } from './fixtures/session.ts'
import { terminalSvg } from './fixtures/terminal-svg.ts'

const columns = 96
const rows = 26
const picture = fileURLToPath(new URL('session.svg', import.meta.url))

/** A line of an access log. */
function hit(time: string, status: number): string {
  return `192.0.2.1 - - [11/Oct/2018:${time} +0000] "GET / HTTP/1.1" ${status} 512 "-" "-"\n`
}

/** What comes at the end of a log that is being written. */
const steps: readonly Step[] = [
  { input: hit('12:00:02', 200), shows: /12:01 {2}early +200 +1$/ },
  { input: hit('12:00:21', 200) + hit('12:00:20', 503), shows: /early +503 +1$/ },
  { input: hit('12:00:40', 503) + hit('12:00:52', 200), shows: /early +200 +3$/ },
  { input: hit('12:01:07', 200), shows: /12:02 {2}early +200 +1$/ },
  { input: hit('12:01:11', 200), shows: /on-time +503 +2$/ },
  // Late by most of a minute: its row is revised.
  { input: hit('12:00:31', 503), shows: /late +503 +3$/ },
  { input: hit('12:01:30', 200), shows: /12:02 {2}early +200 +3$/ },
]

test('the picture of the session shows what the command does', { timeout: 60_000 }, async () => {
  const session = new Session(columns, rows)
  await session.run("tidemark -W 1h -a 'hits=count(),users=distinct(host)' access.log", [
    '-W',
    '1h',
    '-a',
    'hits=count(),users=distinct(host)',
    'access.log',
  ])
  await session.run("tidemark -W none -b path -w 'status >= 500' --sort count:desc --limit 3 access.log", [
    '-W',
    'none',
    '-b',
    'path',
    '-w',
    'status >= 500',
    '--sort',
    'count:desc',
    '--limit',
    '3',
    'access.log',
  ])
  await session.run(
    'tail -F access.log | tidemark -W 1m -b status --allowed-lateness 1h --trigger early=1,late=1',
    ['-W', '1m', '-b', 'status', '--allowed-lateness', '1h', '--trigger', 'early=1,late=1'],
    steps,
  )
  const svg = terminalSvg('Three commands of tidemark', session.frames, columns, rows)
  if (process.env['UPDATE_DOCS'] !== undefined) await writeFile(picture, svg)
  expect(svg).toBe(await readFile(picture, 'utf8'))
  expect(session.terminal.all.filter((line) => / late +503 +3$/.test(line))).toHaveLength(1)
})
