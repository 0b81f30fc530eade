import type { JobMetrics } from '../lib/metrics.ts'
import { grouped } from './grouped.ts'
import { isoTime } from './iso-time.ts'

/** Shows what every part of a job has counted, as tables: the columns of operators from `in` to `held` are their ledger. */
export function stats({ sources, operators, sinks, balanced }: JobMetrics): string {
  return [
    ...table(
      ['source', 'read', 'refused', 'gaps', 'chunks'],
      sources.map(({ name, read, refused, gaps, chunks }) => [name, read, refused, gaps, chunks]),
    ),
    '',
    ...table(
      ['operator', ...ledger, 'out', 'entries', 'watermark'],
      operators.map((operator) => [
        operator.about === undefined ? operator.id : `${operator.id} (${operator.about})`,
        ...ledger.map((count) => operator[count]),
        operator.out,
        operator.entries,
        Math.abs(operator.watermark) === Infinity
          ? operator.watermark > 0
            ? 'end'
            : '-'
          : isoTime(operator.watermark),
      ]),
    ),
    '',
    ...table(
      ['sink', 'written', 'most waiting'],
      sinks.map(({ name, written, mostBuffered }) => [name, written, mostBuffered]),
    ),
    '',
    balanced ? 'every event is accounted for' : 'NOT every event is accounted for',
  ].join('\n')
}

const ledger = ['in', 'contributed', 'late', 'closed', 'noWindow', 'filtered', 'refused', 'held'] as const

function table(names: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const all = [names, ...rows.map((row) => row.map((cell) => (typeof cell === 'number' ? grouped(cell) : cell)))]
  const widths = names.map((_, i) => Math.max(...all.map((row) => row[i]?.length ?? 0)))
  return all.map((row) => {
    return row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd()
  })
}
