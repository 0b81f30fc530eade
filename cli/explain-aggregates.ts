import type { AggregateSpec, FunctionName } from './aggregate-spec.ts'
import { readings } from './aggregates.ts'
import { type Program, quoted } from './program.ts'

/** What functions are called in the package. */
const names: Readonly<Record<FunctionName, string>> = {
  count: 'count',
  rate: 'count',
  distinct: 'countDistinct',
  approx: 'approxCountDistinct',
  sum: 'sum',
  avg: 'avg',
  min: 'min',
  max: 'max',
  first: 'first',
  last: 'last',
  quantile: 'quantile',
  top: 'topK',
  list: 'collect',
}

/** Writes an aggregate as an application makes it. */
export function explainAggregate(program: Program, { fn, field = '', argument }: AggregateSpec): string {
  const reading = readings[fn]
  const of = `${program.from('tidemark', names[fn])}(${argument === undefined ? '' : String(argument)})`
  if (reading === 'none') return of
  const value = `row[${quoted(field)}]`
  const read =
    reading === 'any'
      ? `${value} ?? undefined`
      : `${reading === 'number' ? number(program) : scalar(program)}(${value})`
  program.from('tidemark', 'type Aggregate')
  program.add(`/** Aggregates what is there to read; rows without it don't count. */
function present<V, A, R>(of: Aggregate<V, A, R>, read: (row: Row) => V | undefined): Aggregate<Row, A, R> {
  const { name, create, merge, result } = of
  return {
    name,
    create,
    add(accumulator, row, time) {
      const value = read(row)
      return value === undefined ? accumulator : of.add(accumulator, value, time)
    },
    ...(merge && { merge }),
    result,
  }
}`)
  return `present(${of}, (row) => ${read})`
}

/** Adds the function that reads a value that can be told from others. */
export function scalar(program: Program): string {
  program.add(`function scalar(value: unknown): string | number | bigint | boolean | undefined {
  if (value === undefined || value === null) return undefined
  return typeof value === 'object' ? JSON.stringify(value) : (value as string | number | bigint | boolean)
}`)
  return 'scalar'
}

function number(program: Program): string {
  program.add(`function number(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}`)
  return 'number'
}
