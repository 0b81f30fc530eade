// The logrotate of Debian rotates a log that is followed, in each of its ways, also while the job does not run.
import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Fate, MemoryStore, nothingDurable } from '../../lib/checkpoint/fixtures/crashing.ts'
import { run } from '../../lib/run.ts'
import { TailedLines } from './fixtures/tailed-lines.ts'
import { tail } from './tail.ts'

const isInstalled = spawnSync('logrotate', ['--version']).error === undefined
if (!isInstalled) process.emitWarning('logrotate is not installed: its end-to-end tests are skipped')

let folder = ''
let path = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-logrotate-'))
  path = join(folder, 'app.log')
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** How often it has been rotated, because dates alone are too few. */
let rotations = 0

function rotate(...how: readonly string[]): void {
  const config = join(folder, 'logrotate.conf')
  const options = how.join('\n  ').replace('NUMBER', String(++rotations))
  writeFileSync(config, `${path} {\n  rotate 9\n  ${options}\n}\n`, { mode: 0o600 })
  execFileSync('logrotate', ['--force', '--state', join(folder, 'state'), config])
}

const ways = [
  ['create'],
  ['create', 'compress'],
  ['create', 'compress', 'delaycompress'],
  ['nocreate', 'dateext', 'dateformat -%Y%m%d-NUMBER'],
  ['create', 'extension .log'],
  ['copytruncate'],
  ['copytruncate', 'compress'],
]

test.skipIf(!isInstalled).each(ways)('while the job runs: %s %s %s', async (...how) => {
  writeFileSync(path, '')
  const tailed = new TailedLines(path, { from: 'start', poll: '50ms' })
  const expected: string[] = []
  for (let i = 0; i < 8; i++) {
    expected.push(`line ${i}`, `more ${i}`)
    appendFileSync(path, `line ${i}\nmo`)
    await tailed.came(2 * i + 1)
    appendFileSync(path, `re ${i}\n`)
    rotate(...how)
  }
  expect(await tailed.came(16)).toEqual(expected)
  await tailed.job.stop()
  expect(tailed.notices).toEqual([])
})

test.skipIf(!isInstalled).each(ways)('while the job does not run: %s %s %s', async (...how) => {
  const durable = nothingDurable()
  const checkpoint = { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) }
  const notices: unknown[] = []
  const seen: string[] = []
  const read = async (count: number): Promise<void> => {
    const options = { checkpoint, batchSize: 1, onNotice: (notice: unknown) => notices.push(notice) }
    const job = run(
      tail(path, { from: 'start' }),
      ({ text }) => {
        seen.push(text)
        if (seen.length === count) void job.stop()
      },
      options,
    )
    await job.done
  }
  writeFileSync(path, 'first\nsecond\n')
  await read(1)
  for (let i = 0; i < 5; i++) {
    appendFileSync(path, `line ${i}\n`)
    rotate(...how)
  }
  appendFileSync(path, 'last\n')
  await read(8)
  expect(seen).toEqual(['first', 'second', 'line 0', 'line 1', 'line 2', 'line 3', 'line 4', 'last'])
  expect(notices).toEqual([])
  expect(readdirSync(folder).filter((name) => name.startsWith('app')).length).toBeGreaterThan(5)
})
