import { expect, test } from 'vitest'
import { onTerminal } from '../screen/fixtures/on-terminal.ts'

/** A line of logfmt at a second after midnight. */
function at(second: number): string {
  return `time=${new Date(second * 1_000).toISOString()}\n`
}

test('a chart grows on a terminal, in its size, and stays', async () => {
  const words = ['-p', 'logfmt', '-W', '10s', '-d', '5s', '-o', 'chart', '-q']
  const { terminal, stdin, shows, exit } = onTerminal(words, { columns: 60, rows: 16 })
  stdin.write(at(0) + at(20))
  await shows((screen) => screen.some((line) => line.startsWith('2 ⠿ events')))
  expect(terminal.screen).toHaveLength(15)
  stdin.write(at(3) + at(31))
  await shows((screen) => screen.some((line) => line.includes('1 × too late')))
  expect(terminal.screen).toHaveLength(15)
  expect(terminal.all).toEqual(terminal.screen)
  // Too late is what is red.
  const late = terminal.cells.flat().filter(({ text }) => text === '×')
  expect(late.map(({ style }) => style)).toContain('31;1')
  stdin.end()
  expect(await exit).toBe(0)
  expect(terminal.screen).toHaveLength(15)
  expect(terminal.screen.every((line) => line.length <= 60)).toBe(true)
  expect(terminal.screen.at(-1)).toMatch(/^4 ⠿ events .*…$/)
})
