import { badValue } from './command-line.ts'
import { didYouMean } from './did-you-mean.ts'

/** A function of the command line: what it is called there, and whether it is one of a field. */
const functions = {
  count: { takesField: false },
  distinct: { takesField: true },
  sum: { takesField: true },
  avg: { takesField: true },
  min: { takesField: true },
  max: { takesField: true },
  first: { takesField: true },
  last: { takesField: true },
  list: { takesField: true },
} as const

/** The functions there are. */
export type FunctionName = keyof typeof functions

/** One aggregate of those asked for. */
export interface AggregateSpec {
  /** What its result is called. */
  readonly name: string
  readonly fn: FunctionName
  /** The field it is of; `undefined` for `count`. */
  readonly field: string | undefined
  /** Without the name, for error messages: `sum(bytes)`. */
  readonly call: string
}

const form = /^(?:(?<name>[^=()]+)=)?(?<fn>[^=()]+)\((?<field>[^()]*)\)$/

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
  const { name, fn, field } = form.exec(text)?.groups ?? {}
  if (fn === undefined) throw badValue('agg', text)
  const known = fn.trim()
  if (!isFunction(known)) {
    const names = Object.keys(functions)
    throw badValue('agg', text, `: no function '${known}' among ${names.join(' ')}${didYouMean(known, names)}`)
  }
  const of = field?.trim() ?? ''
  const { takesField } = functions[known]
  if (takesField && of === '') throw badValue('agg', text, `: ${known} takes a field, as in ${known}(bytes)`)
  if (!takesField && of !== '') throw badValue('agg', text, `: ${known} takes no field, write ${known}()`)
  const own = takesField ? `${known}_${of}` : known
  return { name: name?.trim() ?? own, fn: known, field: takesField ? of : undefined, call: `${known}(${of})` }
}

function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(functions, name)
}

/** Splits at the commas that are not in parentheses. */
function splitOutside(list: string): string[] {
  return list.split(/,(?![^(]*\))/).map((text) => text.trim())
}
