import type { Key } from '../operators/key-by.ts'
import type { Field, Fields } from './field.ts'
import { keyOfFields } from './rows.ts'

/** Makes the function that gives a record its key; `undefined` where there are no keys. */
export function keyOf(fields: readonly Field[]): ((record: Fields) => Key) | undefined {
  const [only] = fields
  if (only === undefined) return undefined
  if (fields.length === 1) return (record) => only.readScalar(record) ?? null
  return (record) => keyOfFields(fields.map(({ readScalar }) => readScalar(record) ?? null))
}
