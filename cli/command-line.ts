import { parseArgs } from 'node:util'
import { didYouMean } from './did-you-mean.ts'
import type { Flag } from './flag.ts'
import { flags } from './flags.ts'
import { UsageError } from './usage-error.ts'

/** A command line, taken apart by the flag table, its values as they were given. */
export interface CommandLine {
  /** Values by flag name, in the order given; a switch has none. */
  readonly flags: ReadonlyMap<string, readonly string[]>
  readonly files: readonly string[]
}

/**
 * Takes a command line apart. Of a flag that can be given once the last counts, as when an alias in a shell is overridden.
 *
 * @throws UsageError for a flag that is not in the table, and a value that is missing or too many
 */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  const given = new Map<string, string[]>()
  const files: string[] = []
  // Not strict, because its errors would not tell what was meant.
  const { tokens } = parseArgs({ args: [...argv], options, strict: false, allowPositionals: true, tokens: true })
  for (const token of tokens) {
    if (token.kind === 'positional') files.push(token.value)
    if (token.kind !== 'option') continue
    const flag = flags.get(token.name)
    if (flag === undefined) throw unknownFlag(token.rawName)
    const values = flag.multiple === true ? (given.get(flag.name) ?? []) : []
    given.set(flag.name, values)
    if (flag.value === undefined) refuseValue(flag, token.value)
    else values.push(requireValue(flag, token.value, token.inlineValue === true))
  }
  return { flags: given, files }
}

/** Says what a flag expected and what came. */
export function badValue(name: string, value: string | undefined, hint = '', cause?: unknown): UsageError {
  const got = value === undefined ? 'nothing' : `'${value}'`
  return new UsageError(`--${name}: expected ${flags.get(name)?.expects ?? 'no value'}, got ${got}${hint}`, cause)
}

const options = Object.fromEntries(
  [...flags.values()].map(({ name, short, value }) => [
    name,
    {
      type: value === undefined ? ('boolean' as const) : ('string' as const),
      ...(short === undefined ? {} : { short }),
    },
  ]),
)

function unknownFlag(rawName: string): UsageError {
  const known = [...flags.values()]
  const names = known.flatMap(({ name, short }) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])])
  return new UsageError(`unknown flag '${rawName}'${didYouMean(rawName, names)}`)
}

function refuseValue(flag: Flag, value: string | undefined): void {
  if (value !== undefined) throw badValue(flag.name, value)
}

function requireValue({ name }: Flag, value: string | undefined, isInline: boolean): string {
  if (value === undefined || value === '') throw badValue(name, value)
  // More likely the value was forgotten than that it begins like a flag.
  if (!isInline && /^-./.test(value)) throw badValue(name, value, `; if that is meant, write --${name}=${value}`)
  return value
}
