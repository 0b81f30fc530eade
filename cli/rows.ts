import type { Diff } from '../lib/element.ts'
import type { Key } from '../operators/key-by.ts'
import type { Pane } from '../operators/panes.ts'
import type { Config } from './config.ts'

/** A result as it comes out of the pipeline. */
export type Result = Pane<readonly unknown[], Key, Diff>

/** The columns that say of a result where it stands. */
export type OwnColumn = 'op' | 'window_start' | 'window_end' | 'pane'

/** What a result shows. */
export interface Rows {
  /** The first columns: of the window, unless there is but one, and of the change, where results are refined. */
  readonly own: readonly OwnColumn[]
  /** Names of the key fields, then of the aggregates. */
  readonly columns: readonly string[]
  /** The values in the order of the columns; `null` for what is not there. */
  readonly cells: (result: Result) => readonly unknown[]
}

/** What of a configuration the rows depend on. */
type RowConfig = Pick<Config, 'by' | 'aggregates' | 'allowedLateness' | 'trigger' | 'accumulation' | 'window'>

/** Takes results apart, as the configuration put them together. */
export function toRows({ by, aggregates, allowedLateness, trigger, accumulation, window }: RowConfig): Rows {
  const hasPane = allowedLateness > 0 || trigger !== undefined
  const rates = aggregates.map(({ fn }) => fn === 'rate')
  return {
    own: [
      ...(accumulation === 'retracting' ? (['op'] as const) : []),
      ...(window.kind === 'none' ? [] : (['window_start', 'window_end'] as const)),
      ...(hasPane ? (['pane'] as const) : []),
    ],
    columns: [...by, ...aggregates.map((aggregate) => aggregate.name)],
    cells({ key, value, window: { start, end } }) {
      const keys = by.length === 0 ? [] : by.length === 1 ? [key] : fieldsOfKey(key)
      return [...keys, ...value.map((each, i) => (rates[i] === true ? perSecond(each, end - start) : (each ?? null)))]
    },
  }
}

/** The values of the first columns. */
export function ownCell(column: OwnColumn, { window, timing, diff }: Result, time: (time: number) => string): string {
  switch (column) {
    case 'op':
      return diff === 1 ? '+' : '-'
    case 'window_start':
      return time(window.start)
    case 'window_end':
      return time(window.end)
    case 'pane':
      return timing
  }
}

function perSecond(count: unknown, millis: number): number {
  return (Number(count) * 1_000) / millis
}

/** Makes one key of several fields. */
export function keyOfFields(values: readonly unknown[]): string {
  return JSON.stringify(values)
}

function fieldsOfKey(key: Key): readonly unknown[] {
  const fields: unknown = JSON.parse(String(key))
  return Array.isArray(fields) ? fields : []
}
