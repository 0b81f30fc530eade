import { expect, test } from 'vitest'
import { toZone } from '../zone.ts'
import type { Settled } from '../settle.ts'
import { WindowCount } from '../window-count.ts'
import type { WindowSpec } from '../window-spec.ts'
import { EmulatedTerminal } from './fixtures/emulated-terminal.ts'
import { onTerminal } from './fixtures/on-terminal.ts'
import { LiveTable } from './live-table.ts'
import { Screen } from './screen.ts'

/** A line of logfmt at a second after midnight. */
function at(second: number, host = 'a'): string {
  return `time=${new Date(second * 1_000).toISOString()} host=${host}\n`
}

const minutes = ['-p', 'logfmt', '-W', '1m', '-d', '0s', '-q']
const perEvent = [...minutes, '--trigger', 'early=1,late=1', '--allowed-lateness', '1h']

test('a row is revised in place, and is faint while it is early', async () => {
  const { terminal, stdin, shows, exit } = onTerminal(perEvent)
  stdin.write(at(1))
  await shows((screen) => screen.some((line) => / early +1$/.test(line)))
  expect(terminal.cells[1]?.[0]?.style).toBe('2')
  stdin.write(at(2) + at(61))
  await shows((screen) => screen.some((line) => / on-time +2$/.test(line)))
  expect(terminal.cells[1]?.[0]?.style).toBe('')
  stdin.write(at(3))
  await shows((screen) => screen.some((line) => / late +3$/.test(line)))
  expect(terminal.all).toEqual([
    'window_start      window_end        pane        count',
    '1970-01-01 00:00  1970-01-01 00:01  late            3',
    '1970-01-01 00:01  1970-01-01 00:02  early           1',
  ])
  stdin.end()
  expect(await exit).toBe(0)
  expect(terminal.all.at(-1)).toBe('1970-01-01 00:01  1970-01-01 00:02  on-time         1')
})

test('what is taken back goes away, without a column for that', async () => {
  const words = ['-p', 'logfmt', '-W', 'session:10s', '-b', 'host', '-q', '-m', 'retract', '--trigger', 'early=1']
  const { terminal, stdin, shows, exit } = onTerminal([...words, '-d', '1h'])
  stdin.write(at(0) + at(15) + at(2, 'b'))
  await shows((screen) => screen.length === 4)
  // Two sessions become one.
  stdin.write(at(8))
  await shows((screen) => screen.length === 3)
  expect(terminal.screen).toEqual([
    'window_start             window_end               pane   host     count',
    '1970-01-01 00:00:02.000  1970-01-01 00:00:12.000  early  b            1',
    '1970-01-01 00:00:00.000  1970-01-01 00:00:25.000  early  a            3',
  ])
  stdin.end()
  await exit
  expect(terminal.all).toHaveLength(3)
})

test('what is taken back and not replaced has no row', () => {
  const terminal = new EmulatedTerminal(80, 10)
  const screen = new Screen(terminal)
  const { config, window } = {
    config: settledAs({ kind: 'tumbling', size: 60_000 }),
    window: { start: 0, end: 60_000 },
  }
  const table = new LiveTable('test', terminal, screen, config, () => -Infinity, new WindowCount(config))
  const result = { ...pane, window, key: undefined, value: [7] }
  void table.write([{ ...result, diff: 1 }])
  screen.frame()
  expect(terminal.screen).toHaveLength(2)
  void table.write([{ ...result, diff: -1 }])
  screen.frame()
  expect(terminal.screen).toEqual([])
  screen.close()
})

/** As much of a configuration as a table needs. */
function settledAs(window: WindowSpec): Settled {
  const aggregates = [{ name: 'count', call: 'count()', fn: 'count' }]
  const known = {
    window,
    aggregates,
    by: [],
    sort: [],
    allowedLateness: 0,
    accumulation: 'retracting',
    isColored: false,
  }
  return { ...known, clock: toZone('UTC') } as unknown as Settled
}

const pane = { timing: 'early', index: 0, isFirst: true, isLast: false, nonSpeculativeIndex: -1 } as const

test('a session that has grown takes the places of those it has grown from', async () => {
  const words = ['-p', 'logfmt', '-W', 'session:10s', '-b', 'host', '-q', '--trigger', 'early=1', '-d', '1h']
  const { terminal, stdin, shows, exit } = onTerminal(words)
  stdin.write(at(0) + at(15) + at(0, 'b') + at(8))
  await shows((screen) => screen.length === 3 && screen.some((line) => / a +3$/.test(line)))
  stdin.end()
  await exit
  expect(terminal.all.map((line) => line.slice(50))).toEqual([
    'pane     host     count',
    'on-time  b            1',
    'on-time  a            3',
  ])
})

test('rows that are over stay, and leave at the top when there are many', async () => {
  const words = [...minutes, '--trigger', 'early=1']
  const { terminal, stdin, shows, exit } = onTerminal(words, { rows: 5 })
  const all = Array.from({ length: 12 }, (_, i) => at(i * 60))
  for (const [i, line] of all.entries()) {
    stdin.write(line)
    await shows(
      (screen) =>
        screen.at(-1)?.endsWith('       1') === true &&
        screen.at(-1)?.includes(`0:${String(i).padStart(2, '0')}`) === true,
    )
  }
  // The header has left, and so stands above what may still change.
  expect(terminal.screen.filter((line) => line.startsWith('window_start'))).toHaveLength(1)
  stdin.end()
  await exit
  const rows = terminal.all.filter((line) => !line.startsWith('window_start'))
  expect(rows.map((line) => line.slice(11, 16))).toEqual(all.map((_, i) => `00:${String(i).padStart(2, '0')}`))
  expect(rows.every((line) => line.includes('on-time'))).toBe(true)
})

test('of more rows than there is room for the last are shown, until all are', async () => {
  const { terminal, stdin, shows, exit } = onTerminal([...perEvent, '-b', 'host'], { rows: 6 })
  stdin.write(Array.from({ length: 9 }, (_, i) => at(1, `host${i}`)).join(''))
  await shows((screen) => screen.at(-1)?.includes('host8') === true)
  expect(terminal.screen[1]).toBe('… 6 more, until they are complete')
  expect(terminal.screen).toHaveLength(5)
  stdin.end()
  await exit
  expect(terminal.all).toHaveLength(10)
})

test('--sort puts the rows of a window into order anew', async () => {
  const words = [...minutes, '--allowed-lateness', '1h', '-b', 'host', '--sort', 'count:desc']
  const { terminal, stdin, shows, exit } = onTerminal(words)
  stdin.write(at(1) + at(1) + at(1, 'b') + at(60) + at(2, 'b') + at(3, 'b') + at(61))
  const hosts = (): readonly string[] => terminal.screen.map((line) => line.slice(45).trim())
  await shows(() => hosts()[1] === 'b            3')
  expect(hosts()[2]).toBe('a            2')
  stdin.end()
  await exit
})

test('a narrow terminal shows as much of a row as there is room for', async () => {
  const { terminal, stdin, exit, shows } = onTerminal([...perEvent, '-b', 'host'], { columns: 66 })
  stdin.write(at(1, 'a-host-with-a-name-that-is-longer-than-that'))
  await shows((screen) => screen.length === 2)
  expect(terminal.screen).toEqual([
    'window_start      window_end        pane   host              count',
    '1970-01-01 00:00  1970-01-01 00:01  early  a-host-with-a-n…      1',
  ])
  terminal.resize(30, 24)
  await shows((screen) => screen[0] === 'window_start      window_end …')
  stdin.end()
  await exit
})

test('a terminal that can not move its cursor gets change records', async () => {
  const { terminal, stdin, exit } = onTerminal([...minutes, '--trigger', 'early=1', '-m', 'retract'], {
    environment: { TERM: 'dumb' },
  })
  stdin.end(at(1) + at(2))
  await exit
  expect(terminal.all.map((line) => line.slice(0, 1))).toEqual(['o', '+', '-', '+', '-', '+'])
})

test('an interrupt shows all that there is', async () => {
  const { terminal, stdin, shows, exit, interrupt } = onTerminal(perEvent)
  stdin.write(at(1))
  await shows((screen) => screen.length === 2)
  interrupt()
  expect(await exit).toBe(130)
  expect(terminal.all.at(-1)).toMatch(/ on-time +1$/)
})
