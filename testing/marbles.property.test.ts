// Laws of the marble notation:
// 1. What is printed parses to what was printed, over arbitrary diagrams.
// 2. What parses prints to a text that parses to the same and prints to itself, over arbitrary texts; what does not parse is
//    refused with a TidemarkError and a place.
// 3. Blanks put into every line at the start of a column, or before every line, change nothing.
// 4. An output moved off the start of an input is refused.
// 5. No line is longer than 120 characters but for a single step that is.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Diff, event, idle, watermark } from '../lib/element.ts'
import { TidemarkError } from '../lib/errors.ts'
import type { InputMarble, LateMarble, MarbleDiagram, MarbleTimes, OutputMarble, PaneMarble } from './marbles.ts'
import { parseMarbles } from './parse-marbles.ts'
import { printMarbles } from './print-marbles.ts'

const time = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -1e12, max: 1e12 }))
const text = fc.oneof(
  fc.constantFrom('a', 'TeamX', 'idle', 'L', 'null', '-a', '5', '10.0.0.1', 'a b', ''),
  fc.string({ unit: 'binary' }),
)
const number = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.double({ noNaN: true })).map((value) => value + 0)
const scalar = fc.oneof(text, number, fc.constantFrom(true, false, null, undefined, Number.NaN))
const value = fc.oneof(
  scalar,
  fc.jsonValue().map((json): unknown => JSON.parse(JSON.stringify(json))), // without -0
)
const key = fc.oneof(fc.constant(undefined), text, number, fc.constantFrom(true, null))
const diff = fc.constantFrom<Diff>(1, -1)

const record = fc.tuple(value, time, key, diff).map((parts) => event(...parts))
const window = fc
  .tuple(fc.oneof(time, fc.constant(-Infinity)), fc.oneof(fc.integer({ min: 1, max: 1e9 }), fc.constant(Infinity)))
  .map(([start, size]) => ({ start, end: start === -Infinity ? size : start + size }))
const pane: fc.Arbitrary<PaneMarble> = fc
  .record({ value, key, diff, window, timing: fc.constantFrom('early', 'on-time', 'late'), at: fc.option(time) })
  .map(({ at, ...rest }) => ({ kind: 'pane', time: at ?? rest.window.end - 1, ...rest }))
const late = fc.oneof(record, pane).map((late): LateMarble => ({ kind: 'late', event: late }))
const error = fc.option(text, { nil: undefined }).map((message) => ({ kind: 'error', message }) as const)
const end = fc.constant({ kind: 'end' } as const)
const clock = time.map((at) => ({ kind: 'clock', time: at }) as const)
const input: fc.Arbitrary<InputMarble> = fc.oneof(record, time.map(watermark), fc.constant(idle), clock, end, error)
const output: fc.Arbitrary<OutputMarble> = fc.oneof(
  record,
  pane,
  late,
  time.map(watermark),
  fc.constant(idle),
  end,
  error,
)

const labels = fc.constantFrom<[string[], string[]]>(
  [['in'], ['out', 'late']],
  [['left', 'right'], ['o']],
  [['in1'], []],
)
const diagram: fc.Arbitrary<MarbleDiagram> = fc
  .tuple(labels, fc.integer({ min: 0, max: 8 }), fc.record({ event: style(), processing: style() }))
  .chain(([[inputs, outputs], steps, times]) => {
    const cells = <T>(cell: fc.Arbitrary<T[]>): fc.Arbitrary<T[][]> =>
      fc.array(cell, { minLength: steps, maxLength: steps })
    const row = <T>(label: string, cell: fc.Arbitrary<T[]>): fc.Arbitrary<{ label: string; cells: T[][] }> =>
      cells(cell).map((made) => ({ label, cells: made }))
    return fc.record({
      times: fc.constant(times),
      // The first input has a token in every step, so that no step is without.
      inputs: fc.tuple(
        ...inputs.map((label, i) => row(label, fc.array(input, { minLength: i === 0 ? 1 : 0, maxLength: 1 }))),
      ),
      outputs: fc.tuple(...outputs.map((label) => row(label, fc.array(output, { maxLength: 3 })))),
    })
  })
  .map(withShownStyles)

const signs = 'a 5 -0 idle @ @3 @1m 12:00 : , + - ~ [ [0,5)= ] ( L( ) { } " & | # ! ? \\'.split(' ')
const alphabet = fc.constantFrom(...signs, ' ', '  ', '\n', '\nout  ', '\nin   ', '\n\nin', '\t')
const anyText = fc.array(alphabet, { maxLength: 12 }).map((parts) => `in  ${parts.join('')}`)

test('1. what is printed parses to what was printed', () => {
  fc.assert(
    fc.property(diagram, (made) => {
      expect(parseMarbles(printMarbles(made))).toEqual(made)
    }),
    { numRuns: 1_000 },
  )
})

test('2. what parses has one canonical text; what does not says where', () => {
  let parsed = 0
  fc.assert(
    fc.property(anyText, (source) => {
      try {
        const first = parseMarbles(source)
        parsed++
        const canonical = printMarbles(first)
        expect(parseMarbles(canonical)).toEqual(first)
        expect(printMarbles(parseMarbles(canonical))).toBe(canonical)
      } catch (error) {
        if (!(error instanceof TidemarkError)) throw error
        expect(error.message).toMatch(/^parseMarbles: line \d+, column \d+: expected .*, got /)
      }
    }),
    { numRuns: 5_000 },
  )
  expect(parsed).toBeGreaterThan(100)
})

test('3. blanks between columns and before lines mean nothing', () => {
  const spaced = fc.tuple(oneBlock(), fc.nat(), fc.nat({ max: 5 }), fc.nat({ max: 5 }))
  fc.assert(
    fc.property(spaced, ([made, pick, blanks, indent]) => {
      const printed = printMarbles(made)
      const at = startOf(made, pick)
      const wider = printed.split('\n').map((line) => ' '.repeat(indent) + insert(line, at, blanks))
      expect(parseMarbles(wider.join('\n'))).toEqual(made)
    }),
  )
})

test('4. an output off the start of an input is refused', () => {
  fc.assert(
    fc.property(oneBlock(), fc.nat(), (made, pick) => {
      const at = startOf(made, pick)
      const off = `${printMarbles(made)}\n${'m'.padEnd(at + 1)}a@1`
      expect(() => parseMarbles(off)).toThrow(`column ${at + 2}: expected an output in a column where an input starts`)
    }),
  )
})

test('5. lines end at 120 characters', () => {
  fc.assert(
    fc.property(diagram, (made) => {
      for (const block of printMarbles(made).split('\n\n')) {
        const parsed = parseMarbles(block)
        const steps = parsed.inputs[0]?.cells.length ?? 0
        if (steps > 1) expect(Math.max(...block.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120)
      }
    }),
  )
})

function style(): fc.Arbitrary<MarbleTimes['event']> {
  return fc.constantFrom('ms', 'duration', 'time-of-day')
}

/** Only a style that shows in the text can come back from it. */
function withShownStyles(made: MarbleDiagram): MarbleDiagram {
  const marbles = [...made.inputs, ...made.outputs].flatMap((line) => line.cells.flat())
  const clocks = marbles.flatMap((marble) => (marble.kind === 'clock' ? [marble.time] : []))
  const times = {
    event: shown(made.times.event, marbles.flatMap(timesOf)),
    processing: shown(made.times.processing, clocks),
  }
  return { ...made, times }
}

function shown(wanted: MarbleTimes['event'], times: readonly number[]): MarbleTimes['event'] {
  return times.some((at) => Number.isFinite(at) && (wanted === 'time-of-day' || at !== 0)) ? wanted : 'ms'
}

function timesOf(marble: InputMarble | OutputMarble): readonly number[] {
  if (marble.kind === 'late') return timesOf(marble.event)
  if (marble.kind === 'event' || marble.kind === 'watermark') return [marble.time]
  if (marble.kind !== 'pane') return []
  const { start, end } = marble.window
  return marble.time === end - 1 ? [start, end] : [start, end, marble.time]
}

/** Diagrams of one step or more, none of which goes on after an empty line. */
function oneBlock(): fc.Arbitrary<MarbleDiagram> {
  return diagram.filter((made) => made.inputs[0]?.cells.length !== 0 && !printMarbles(made).includes('\n\n'))
}

/** Where some step of the first input starts. */
function startOf(made: MarbleDiagram, pick: number): number {
  const step = pick % (made.inputs[0]?.cells.length ?? 1)
  const upTo = <T>(line: { label: string; cells: readonly T[] }): { label: string; cells: readonly T[] } => ({
    label: line.label,
    cells: line.cells.slice(0, step),
  })
  const before = printMarbles({ ...made, inputs: made.inputs.map(upTo), outputs: made.outputs.map(upTo) })
  return Math.max(...before.split('\n').map((line) => line.length)) + 2 // the gap
}

function insert(line: string, at: number, blanks: number): string {
  return line.length <= at ? line : line.slice(0, at) + ' '.repeat(blanks) + line.slice(at)
}
