import { badValue } from './command-line.ts'
import { didYouMean } from './did-you-mean.ts'

/** What a function of the command line is given: nothing, a field, or a field and a number such as the one here. */
const functions = {
  count: 'nothing',
  rate: 'nothing',
  distinct: 'field',
  approx: 'field',
  sum: 'field',
  avg: 'field',
  min: 'field',
  max: 'field',
  first: 'field',
  last: 'field',
  quantile: '0.9',
  top: '5',
  list: 'field',
} as const

/** The functions there are. */
export type FunctionName = keyof typeof functions

/** One aggregate of those asked for. */
export interface AggregateSpec {
  /** What its result is called. */
  readonly name: string
  readonly fn: FunctionName
  /** The field it is of; `undefined` for `count` and `rate`. */
  readonly field: string | undefined
  /** The number that `quantile` and `top` are given. */
  readonly argument?: number
  /** Without the name, for error messages: `sum(bytes)`. */
  readonly call: string
}

const form = /^(?:(?<name>[^=()]+)=)?(?<fn>[^=()]+)\((?<inner>[^()]*)\)$/

/** `p50`, `p99.9`. */
const percentile = /^p(?<percent>\d{1,2}(?:\.\d+)?|100)$/

/**
 * Reads lists such as `count(),users=distinct(host)`. Unless it is given, the name is that of the function and the field:
 * `sum_bytes`, `count`.
 *
 * @throws UsageError for what is no aggregate, an unknown function, and a field missing or too many
 */
export function parseAggregates(lists: readonly string[]): AggregateSpec[] {
  return lists.flatMap((list) => splitOutside(list).map((text) => parseAggregate(text)))
}

function parseAggregate(text: string): AggregateSpec {
  const groups = form.exec(text)?.groups
  if (groups === undefined) throw badValue('agg', text)
  const { name, fn: word = '', inner: given = '' } = groups
  const [fn, inner] = [word.trim(), given.trim()]
  const call = `${fn}(${inner})`
  const named = (own: string): string => name?.trim() ?? own
  const { percent } = percentile.exec(fn)?.groups ?? {}
  if (percent !== undefined) {
    if (inner === '') throw badValue('agg', text, `: ${fn} takes a field, as in ${fn}(ms)`)
    return { name: named(`${fn}_${inner}`), fn: 'quantile', field: inner, argument: Number(`${percent}e-2`), call }
  }
  if (!isFunction(fn)) {
    const names = [...Object.keys(functions), 'p50', 'p95', 'p99']
    throw badValue('agg', text, `: no function '${fn}' among ${names.join(' ')}${didYouMean(fn, names)}`)
  }
  const takes = functions[fn]
  if (takes === 'nothing') {
    if (inner !== '') throw badValue('agg', text, `: ${fn} takes no field, write ${fn}()`)
    return { name: named(fn), fn, field: undefined, call }
  }
  if (takes === 'field') {
    if (inner === '') throw badValue('agg', text, `: ${fn} takes a field, as in ${fn}(bytes)`)
    return { name: named(`${fn}_${inner}`), fn, field: inner, call }
  }
  const comma = inner.lastIndexOf(',')
  const number = inner.slice(comma + 1).trim()
  const [field, argument] = [inner.slice(0, comma).trim(), number === '' ? Number.NaN : Number(number)]
  const isFit = fn === 'top' ? Number.isSafeInteger(argument) && argument > 0 : argument >= 0 && argument <= 1
  if (comma < 0 || field === '' || !isFit) {
    const what = fn === 'top' ? 'how many' : 'a number from 0 to 1'
    throw badValue('agg', text, `: ${fn} takes a field and ${what}, as in ${fn}(bytes,${takes})`)
  }
  return { name: named(`${fn}_${field}`), fn, field, argument, call }
}

function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(functions, name)
}

/** Splits at the commas that are not in parentheses. */
function splitOutside(list: string): string[] {
  return list.split(/,(?![^(]*\))/).map((text) => text.trim())
}
