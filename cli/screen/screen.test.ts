import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { EmulatedTerminal } from './fixtures/emulated-terminal.ts'
import { Screen } from './screen.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A part with lines that a test sets. */
class Lines {
  now: readonly string[] = []
  over: readonly string[] = []

  lines(height: number): readonly string[] {
    return this.now.slice(0, height)
  }

  settled(): readonly string[] {
    const { over } = this
    this.over = []
    return over
  }
}

function opened(columns = 20, rows = 6): { terminal: EmulatedTerminal; screen: Screen; upper: Lines; lower: Lines } {
  const terminal = new EmulatedTerminal(columns, rows)
  const [upper, lower] = [new Lines(), new Lines()]
  const screen = new Screen(terminal)
  screen.add(upper)
  screen.add(lower)
  return { terminal, screen, upper, lower }
}

test('lines are drawn anew in place, fewer and shorter ones too', () => {
  const { terminal, screen, upper, lower } = opened()
  terminal.take('$ tidemark\n')
  upper.now = ['first', 'second']
  lower.now = ['progress']
  screen.frame()
  expect(terminal.screen).toEqual(['$ tidemark', 'first', 'second', 'progress'])
  upper.now = ['1st']
  screen.frame()
  expect(terminal.screen).toEqual(['$ tidemark', '1st', 'progress'])
  screen.close()
  expect(terminal.screen).toEqual(['$ tidemark'])
  expect(terminal.cursor).toEqual({ row: 1, column: 0 })
})

test('what stays goes above, and what is said above that', () => {
  const { terminal, screen, upper } = opened()
  upper.now = ['open']
  screen.frame()
  upper.over = ['over']
  screen.frame(['said'])
  expect(terminal.screen).toEqual(['said', 'over', 'open'])
  screen.frame()
  expect(terminal.screen).toEqual(['said', 'over', 'open'])
})

test('parts share the height; the lowest has its lines first', () => {
  const { terminal, screen, upper, lower } = opened(20, 4)
  upper.now = ['1', '2', '3', '4']
  lower.now = ['progress']
  screen.frame()
  expect(terminal.screen).toEqual(['1', '2', 'progress'])
  // Lines that left at the top could not be drawn anew.
  expect(terminal.all).toEqual(terminal.screen)
})

test('a change is drawn a little later, once', () => {
  const { terminal, screen, upper } = opened()
  upper.now = ['1']
  screen.changed()
  upper.now = ['2']
  screen.changed()
  expect(terminal.screen).toEqual([])
  vi.advanceTimersByTime(100)
  expect(terminal.screen).toEqual(['2'])
})

test.each([
  ['narrower', 8, 6],
  ['wider', 40, 6],
  ['lower', 20, 3],
])('a terminal that gets %s is drawn anew', (_, columns, rows) => {
  const { terminal, screen, upper } = opened()
  upper.now = ['a line of 20 columns', 'x']
  screen.frame()
  terminal.resize(columns, rows)
  upper.now = ['short', 'x']
  vi.advanceTimersByTime(100)
  expect(terminal.screen).toEqual(['short', 'x'])
})

test('lines as wide as the terminal keep their last character', () => {
  const { terminal, screen, upper } = opened()
  upper.now = ['a line of 20 columns', 'another, also of 20.']
  for (let i = 0; i < 2; i++) screen.frame()
  expect(terminal.screen).toEqual(upper.now)
})

test('what is erased comes back', () => {
  const { terminal, screen, lower } = opened()
  lower.now = ['progress']
  screen.frame()
  screen.erase()
  terminal.take('a result\n')
  expect(terminal.screen).toEqual(['a result'])
  vi.advanceTimersByTime(100)
  expect(terminal.screen).toEqual(['a result', 'progress'])
})

test('a process that was stopped leaves what others wrote since', () => {
  const { terminal, screen, lower } = opened()
  lower.now = ['progress']
  screen.frame()
  terminal.take('[1]+ Stopped\n$ fg\n')
  process.emit('SIGCONT')
  vi.advanceTimersByTime(100)
  expect(terminal.screen).toEqual(['progress', '[1]+ Stopped', '$ fg', 'progress'])
  screen.close()
})
