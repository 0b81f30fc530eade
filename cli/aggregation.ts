import type { MergeableAggregate } from '../lib/aggregates/mergeable-aggregate.ts'
import type { Windows } from '../lib/window.ts'
import type { Key } from '../operators/key-by.ts'
import { type FieldAggregate, loadAggregates, ofRecords } from './aggregates.ts'
import type { Config } from './config.ts'
import { DerivedFields } from './derived-parser.ts'
import { fieldsRead } from './derivation.ts'
import type { Fields } from './field.ts'
import { FieldsByName } from './fields-by-name.ts'
import type { LookupTable } from './lookup-table.ts'
import { keyOf } from './key-of.ts'
import { toWindows } from './to-windows.ts'

/** What is done with the records of a configuration. */
export interface Aggregation {
  readonly fields: FieldsByName
  /** What is computed of records, and which of them pass; `undefined` if nothing is. */
  readonly derived: DerivedFields | undefined
  /** `undefined` where there are no keys. */
  readonly keyOf: ((record: Fields) => Key) | undefined
  readonly windows: Windows
  /** Each of those asked for. */
  readonly aggregates: readonly FieldAggregate[]
  /** All of them. */
  readonly aggregate: MergeableAggregate<Fields, unknown, readonly unknown[]>
}

/**
 * Loads and makes what a configuration asks for between its records and its results.
 *
 * @param tables those of its lookups
 * @throws UsageError for windows that there can't be
 */
export async function loadAggregation(config: Config, tables: readonly LookupTable[]): Promise<Aggregation> {
  const fields = new FieldsByName()
  const windows = await toWindows(config.window, config.windowText)
  const keys = config.by.map(fields.of)
  const aggregates = await loadAggregates(config.aggregates)
  const aggregate = ofRecords(aggregates, fields.of)
  const { derivations } = config
  const read = (fieldsRead(derivations) ?? []).map(fields.of)
  const isDerived = derivations.length > 0 || tables.length > 0
  const derived = isDerived ? new DerivedFields(tables, derivations, read) : undefined
  return { fields, derived, keyOf: keyOf(keys), windows, aggregates, aggregate }
}
