import type { JobMetrics } from '../lib/metrics.ts'
import { grouped } from './grouped.ts'

/**
 * Says in one line what became of the lines: `52,000 lines, 3 late, 2 unparsable, 24 windows`, and what else there was where it
 * is not 0.
 */
export function summary(metrics: JobMetrics, windows: number): string {
  const tooLong = sumOf(metrics.sources, (source) => source.refused)
  const lines = sumOf(metrics.sources, (source) => source.read) + tooLong
  const operators = (name: string): readonly JobMetrics['operators'][number][] =>
    metrics.operators.filter((operator) => operator.name === name)
  const untimed = sumOf(operators('assignTimestamps'), (operator) => operator.refused)
  const unparsable = sumOf(['parse', 'joined'].flatMap(operators), (operator) => operator.refused)
  const late = sumOf(lateIn.flatMap(operators), (operator) => operator.late)
  const repeated = sumOf(operators('deduplicate'), (operator) => operator.filtered)
  const dropped = sumOf(operators('window'), (operator) => operator.windowDrops)
  const between = sumOf(operators('window'), (operator) => operator.noWindow)
  return [
    counted(lines, 'line'),
    `${grouped(late)} late`,
    ...(repeated > 0 ? [`${grouped(repeated)} repeated`] : []),
    ...(dropped > 0 ? [`${grouped(dropped)} late for some windows`] : []),
    `${grouped(unparsable)} unparsable`,
    ...(tooLong > 0 ? [`${grouped(tooLong)} too long`] : []),
    ...(untimed > 0 ? [`${grouped(untimed)} without a time`] : []),
    ...(between > 0 ? [`${grouped(between)} between windows`] : []),
    counted(windows, 'window'),
  ].join(', ')
}

/** Operators for which an event may come too late. */
const lateIn = ['window', 'intervalJoin', 'deduplicate']

function sumOf<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0)
}

function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? '' : 's'}`
}
