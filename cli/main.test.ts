import { fileURLToPath } from 'node:url'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { outcomeOf } from './fixtures/outcome-of.ts'
import { main } from './main.ts'

const log = fileURLToPath(new URL('fixtures/access.txt', import.meta.url))
const words = ['-p', 'combined', '-q', '-W', '1d', '--trigger', 'count=5', '-m', 'discard', log]
const bold = '\u001b[1m'
const faint = '\u001b[2m'

test('a terminal gets a table with a bold header, and what may still change is faint', async () => {
  const { stdout } = await outcomeOf(words, { isTTY: true })
  const [header, early, last] = stdout.split('\n')
  expect(header).toMatch(/^\S+window_start +window_end +pane +count\S+$/)
  expect(header?.startsWith(bold)).toBe(true)
  expect(early?.startsWith(faint)).toBe(true)
  expect(last).toMatch(/^2018-10-11 00:00 {2}2018-10-12 00:00 {2}on-time +2$/)
})

test.each([
  [[], { NO_COLOR: '1' }],
  [[], { TERM: 'dumb' }],
  [['--no-color'], {}],
])('no colours with %j in %j', async (flags, environment) => {
  const { stdout } = await outcomeOf([...words, ...flags], { isTTY: true, environment })
  expect(stdout).toMatch(/^window_start/)
  expect(stdout).not.toContain('\u001b')
})

test('an empty NO_COLOR minds nothing', async () => {
  const { stdout } = await outcomeOf(words, { isTTY: true, environment: { NO_COLOR: '' } })
  expect(stdout.startsWith(bold)).toBe(true)
})

test('no colours in a pipe, in whatever form', async () => {
  for (const form of ['table', 'ndjson']) {
    const { stdout } = await outcomeOf([...words, '-o', form])
    expect(stdout).not.toContain('\u001b')
  }
})

test('a defect is told in a line, without a stack trace', async () => {
  const stderr = new PassThrough()
  const exit = await main(words, { stdin: new PassThrough(), stdout: new PassThrough(), stderr }, () => {
    throw new TypeError('of an unknown kind')
  })
  expect(exit).toBe(1)
  expect(String(stderr.read())).toBe(
    'tidemark: of an unknown kind\nThis is a defect: please report it, with the command and a line of the input.\n',
  )
})
