/**
 * Orders values as data, so that a tie need not be left to the order of arrival: by kind, then numbers, texts (by UTF-16 code
 * unit), bigints and booleans by what they are, dates by their time, arrays and plain objects by what is in them. 0 for what
 * has no order, such as functions and objects of a class. Cyclic data never come to an end.
 */
export function compare(a: unknown, b: unknown): number {
  if (Object.is(a, b)) return 0
  const kind = kindOf(a)
  const other = kindOf(b)
  if (kind !== other) return kind < other ? -1 : 1
  if (isScalar(a) && isScalar(b)) return compareScalars(a, b)
  if (a instanceof Date && b instanceof Date) return compareScalars(a.getTime(), b.getTime())
  return kind === 'array' || kind === 'record' ? compareEntries(entriesOf(a), entriesOf(b)) : 0
}

type Scalar = number | string | bigint | boolean

function compareScalars(a: Scalar, b: Scalar): number {
  if (a < b) return -1
  if (a > b) return 1
  // What is left are equal values, the zeros, and NaN, which comes last.
  const rank = (value: Scalar): number => (Number.isNaN(value) ? 1 : Object.is(value, -0) ? -1 : 0)
  return rank(a) - rank(b)
}

type Entries = readonly (readonly [string, unknown])[]

function compareEntries(a: Entries, b: Entries): number {
  for (const [i, [name, value]] of a.entries()) {
    const other = b[i]
    if (other === undefined) return 1
    const order = compareScalars(name, other[0]) || compare(value, other[1])
    if (order !== 0) return order
  }
  return a.length - b.length
}

function isScalar(value: unknown): value is Scalar {
  return (
    typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint' || typeof value === 'boolean'
  )
}

function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value
  if (Array.isArray(value)) return 'array'
  if (value instanceof Date) return 'date'
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype ? 'record' : 'other'
}

/** Of a record by name, because two that are equal may have been written in any order. */
function entriesOf(value: unknown): Entries {
  const entries = Object.entries(Object(value) as object)
  return Array.isArray(value) ? entries : entries.sort(([a], [b]) => compareScalars(a, b))
}
