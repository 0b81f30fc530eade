import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { parseCommandLine } from '../command-line.ts'
import { settle } from '../settle.ts'
import { noTerminal } from '../surroundings.ts'
import { toConfig } from '../to-config.ts'
import { planOf } from './plan.ts'
import { rangesOf } from './ranges.ts'

const log = fileURLToPath(new URL('../fixtures/access.txt', import.meta.url))
const json = fileURLToPath(new URL('../fixtures/app.ndjson', import.meta.url))
const table = fileURLToPath(new URL('../fixtures/orders.csv', import.meta.url))
const hosts = fileURLToPath(new URL('../fixtures/hosts.csv', import.meta.url))

async function isPlanned(argv: readonly string[]): Promise<boolean> {
  const config = await settle(toConfig(parseCommandLine(argv), noTerminal), new PassThrough().end('{}\n'), () => {})
  return planOf(config) !== undefined && rangesOf(config.inputs, { ofRange: 100, least: 1 }) !== undefined
}

const words = ['-p', 'combined', '-W', '1h']

test.each([
  [[log]],
  [['-W', 'hop:1h/1h', log]],
  [['-W', 'cumulate:4h/1h', '-b', 'host', '-w', 'status < 500', log]],
  [['-W', 'none', '--sort', 'count', '--limit', '3', log]],
  [['-d', '5s', log]],
  [[log, log]],
])('%j is added up as it is read', async (flags) => {
  expect(await isPlanned([...words, ...flags])).toBe(true)
})

test.each([
  // Its events have to be seen one by one,
  [['-W', 'session:5m', log]],
  [['-W', 'slide:5m', log]],
  [['-W', 'count:5', log]],
  [['-W', 'hop:5m/1h', log]],
  [['--trigger', 'count=5', log]],
  [['--allowed-lateness', '5m', log]],
  [['--dedup', 'host', log]],
  [['--join', `${json}:host=user:5m`, log]],
  [['--lookup', `${hosts}:host`, log]],
  [['-w', '$.status < 500', log]],
  [['-d', '5s', log, log]],
  // or shown,
  [['--late', '/dev/null', log]],
  [['--bad', '/dev/null', log]],
  [['--strict', log]],
  [['--stats', log]],
  [['-o', 'chart', log]],
  [['--svg', '/dev/null', log]],
  // or are not there yet,
  [['-']],
  [['--idle', '5s', log]],
  [['--multiline', '^\\d', log]],
  [['--checkpoint', 'state', '--out', 'rows', log]],
  // or can't be read from anywhere but the start.
  [['-p', 'csv', '-t', 'time', table]],
])('%j is not', async (flags) => {
  expect(await isPlanned([...words, ...flags])).toBe(false)
})
