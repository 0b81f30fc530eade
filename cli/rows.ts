import type { Key } from '../operators/key-by.ts'
import type { Pane } from '../operators/panes.ts'
import type { Config } from './config.ts'

/** A result as it comes out of the pipeline. */
export type Result = Pane<readonly unknown[], Key>

/** What a result shows behind its window. */
export interface Rows {
  /** Names of the key fields, then of the aggregates. */
  readonly columns: readonly string[]
  /** Whether results say which pane of the window they are, because there may be several. */
  readonly hasPane: boolean
  /** The values in the order of the columns; `null` for what is not there. */
  readonly cells: (result: Result) => readonly unknown[]
}

/** Takes results apart, as the configuration put them together. */
export function toRows({ by, aggregates, allowedLateness }: Config): Rows {
  return {
    columns: [...by, ...aggregates.map((aggregate) => aggregate.name)],
    hasPane: allowedLateness > 0,
    cells({ key, value }) {
      const keys = by.length === 0 ? [] : by.length === 1 ? [key] : fieldsOfKey(key)
      return [...keys, ...value.map((each) => each ?? null)]
    },
  }
}

/** Makes one key of several fields. */
export function keyOfFields(values: readonly unknown[]): string {
  return JSON.stringify(values)
}

function fieldsOfKey(key: Key): readonly unknown[] {
  const fields: unknown = JSON.parse(String(key))
  return Array.isArray(fields) ? fields : []
}
