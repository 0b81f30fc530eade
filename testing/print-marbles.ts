import { TidemarkError } from '../lib/errors.ts'
import { printMarble } from './marble-token.ts'
import type { Marble, MarbleDiagram, MarbleLine } from './marbles.ts'

const gap = 2
const width = 120

/**
 * Lays a diagram out in text: inputs before outputs, columns aligned with two blanks in between, and on from an empty line
 * where a line would pass 120 characters. `parseMarbles` reads it back, and equal diagrams give equal texts, so a recorded
 * run can be compared with an expected one as text.
 *
 * @throws TidemarkError `invalid-argument` for lines of different lengths, a step without input, and values that no notation has
 */
export function printMarbles(diagram: MarbleDiagram): string {
  const lines: readonly MarbleLine<Marble>[] = [...diagram.inputs, ...diagram.outputs]
  checkSteps(diagram, lines)
  const rows = lines.map(({ label, cells }) => ({
    label,
    cells: cells.map((marbles) => marbles.map((marble) => printMarble(marble, diagram.times)).join('&')),
  }))
  const steps = rows[0]?.cells.map((_, step) => step) ?? []
  const widths = steps.map((step) => gap + Math.max(...rows.map((row) => row.cells[step]?.length ?? 0)))
  const indent = gap + Math.max(...rows.map((row) => row.label.length))
  return blocksOf(widths, indent)
    .map((block) => rows.map(({ label, cells }) => printRow(label.padEnd(indent), cells, widths, block)).join('\n'))
    .join('\n\n')
}

function printRow(
  label: string,
  cells: readonly string[],
  widths: readonly number[],
  steps: readonly number[],
): string {
  return steps.reduce((text, step) => text + (cells[step] ?? '').padEnd(widths[step] ?? 0), label).trimEnd()
}

/** Which steps stand side by side: as many as fit, at least one. */
function blocksOf(widths: readonly number[], indent: number): readonly (readonly number[])[] {
  let block: number[] = []
  const blocks = [block]
  let end = indent
  for (const [step, size] of widths.entries()) {
    if (end + size - gap > width && block.length > 0) {
      blocks.push((block = []))
      end = indent
    }
    block.push(step)
    end += size
  }
  return blocks
}

function checkSteps({ inputs }: MarbleDiagram, lines: readonly MarbleLine<Marble>[]): void {
  const [first] = inputs
  if (first === undefined) throw new TidemarkError('invalid-argument', 'printMarbles: expected an input line, got none')
  const uneven = lines.find((line) => line.cells.length !== first.cells.length)
  if (uneven !== undefined) {
    const counts = `${first.cells.length} steps as on line ${first.label}, got ${uneven.cells.length}`
    throw new TidemarkError('invalid-argument', `printMarbles: line ${uneven.label}: expected ${counts}`)
  }
  for (const step of first.cells.keys()) {
    const counts = inputs.map((line) => line.cells[step]?.length ?? 0)
    if (Math.max(...counts) !== 1) {
      const got = `got ${counts.join(' and ')}`
      throw new TidemarkError('invalid-argument', `printMarbles: step ${step}: expected one token on an input, ${got}`)
    }
  }
}
