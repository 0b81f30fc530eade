import { TidemarkError } from '../lib/errors.ts'
import { MarbleReader, type SeenTimes } from './marble-reader.ts'
import { readMarble } from './marble-token.ts'
import type { InputMarble, Marble, MarbleDiagram, MarbleLine, OutputMarble } from './marbles.ts'

/** Options of `parseMarbles`. */
export interface ParseMarblesOptions {
  /** Labels of the lines that are inputs; by default those called `in`, `in1`, `in2` and so on, `left` and `right`. */
  readonly inputs?: readonly string[]
}

/** Tokens of one line that share a column: `a&b`. */
interface Cell {
  readonly column: number
  readonly marbles: readonly Marble[]
}

interface Row {
  readonly label: string
  readonly reader: MarbleReader
  readonly cells: readonly Cell[]
}

type Accepts<M extends Marble> = (marbles: readonly Marble[]) => marbles is readonly M[]

const blanks = / +/y
const oneInput = 'one record, ~5, !10s, idle, | or # a step on an input'
const noClock = 'the clock to be moved on an input'
const defaultInput = /^(?:in\d*|left|right)$/

/**
 * Reads a marble diagram. Steps are the columns in which tokens of input lines start; each token of an output line must
 * start in such a column. After an empty line the diagram goes on to the right.
 *
 * @example
 * ```ts
 * import { parseMarbles } from 'tidemark/testing'
 *
 * const diagram = parseMarbles(`
 *   in    a@1  b@7  c@3  ~5       d@2     |
 *   out                  [0,5)=2          [5,10)=1
 *   late                          L(d@2)
 * `)
 * ```
 * @throws TidemarkError `invalid-argument` with line, column and what was expected there; `invalid-duration` for a duration
 * that is no whole number of ms
 */
export function parseMarbles(text: string, options: ParseMarblesOptions = {}): MarbleDiagram {
  const times: SeenTimes = { event: 'ms', processing: 'ms' }
  const blocks = readBlocks(text, times)
  const labels = [...new Set(blocks.flat().map((row) => row.label))]
  checkInputs(labels, options.inputs)
  const isInput = (label: string): boolean => options.inputs?.includes(label) ?? defaultInput.test(label)
  const steps = blocks.map((block) => stepsOf(block.filter((row) => isInput(row.label))))

  const line = <M extends Marble>(label: string, accepts: Accepts<M>, expected: string): MarbleLine<M> => {
    const rows = blocks.map((block) => block.find((row) => row.label === label))
    return { label, cells: rows.flatMap((row, block) => place(row, steps[block] ?? [], accepts, expected)) }
  }
  return {
    times,
    inputs: labels.filter(isInput).map((label) => line(label, areInput, oneInput)),
    outputs: labels.filter((label) => !isInput(label)).map((label) => line(label, areOutput, noClock)),
  }
}

function checkInputs(labels: readonly string[], inputs: readonly string[] | undefined): void {
  const found = `among the lines ${labels.join(', ') || '(none)'}`
  const missing = inputs?.find((label) => !labels.includes(label))
  if (missing !== undefined) {
    throw new TidemarkError('invalid-argument', `parseMarbles: expected the input ${missing} ${found}`)
  }
  if (inputs?.length === 0 || (inputs === undefined && !labels.some((label) => defaultInput.test(label)))) {
    const names = 'expected an input (in, in1, left, right, or what option `inputs` names)'
    throw new TidemarkError('invalid-argument', `parseMarbles: ${names} ${found}`)
  }
}

/** The lines of a text, in groups that empty lines set apart. */
function readBlocks(text: string, times: SeenTimes): readonly (readonly Row[])[] {
  const blocks: Row[][] = []
  let block: Row[] | undefined
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') {
      block = undefined
      continue
    }
    if (block === undefined) blocks.push((block = []))
    const row = readRow(new MarbleReader(line, index + 1, times))
    if (block.some(({ label }) => label === row.label)) {
      throw row.reader.error('each label once, or an empty line before the diagram goes on', line.indexOf(row.label))
    }
    block.push(row)
  }
  return blocks
}

function readRow(reader: MarbleReader): Row {
  reader.take(blanks)
  const label = reader.take(/[A-Za-z][\w-]*(?![^ ])/y)
  if (label === undefined) throw reader.error('a label, such as in or out')
  const cells: Cell[] = []
  for (reader.take(blanks); !reader.done; reader.take(blanks)) {
    const column = reader.at
    const marbles = [readMarble(reader)]
    while (reader.take(/&/y)) marbles.push(readMarble(reader))
    if (!reader.done && reader.text[reader.at] !== ' ') throw reader.error('a blank, or & and another token')
    cells.push({ column, marbles })
  }
  return { label, reader, cells }
}

/** The columns in which an input starts. */
function stepsOf(inputs: readonly Row[]): readonly number[] {
  const columns = inputs.flatMap((row) => row.cells.map((cell) => cell.column))
  return [...new Set(columns)].sort((a, b) => a - b)
}

/** The cells of a line in one block, one for each step. */
function place<M extends Marble>(
  row: Row | undefined,
  steps: readonly number[],
  accepts: Accepts<M>,
  expected: string,
): readonly (readonly M[])[] {
  const cells: (readonly M[])[] = steps.map(() => [])
  if (row === undefined) return cells
  for (const { column, marbles } of row.cells) {
    const step = steps.indexOf(column)
    const starts = steps.map((at) => at + 1).join(', ') || 'none since the last empty line'
    if (step < 0) throw row.reader.error(`an output in a column where an input starts (${starts})`, column)
    if (!accepts(marbles)) throw row.reader.error(expected, column)
    cells[step] = marbles
  }
  return cells
}

function areInput(marbles: readonly Marble[]): marbles is readonly InputMarble[] {
  return marbles.length === 1 && marbles.every(({ kind }) => kind !== 'pane' && kind !== 'late')
}

function areOutput(marbles: readonly Marble[]): marbles is readonly OutputMarble[] {
  return marbles.every(({ kind }) => kind !== 'clock')
}
