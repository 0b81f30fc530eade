import { messageOf } from '../lib/errors.ts'
import { badValue } from './command-line.ts'
import { compileExpression, fieldsOfExpression } from './expression.ts'

/** A field that is computed, or, without a name, a condition that records must meet. */
export interface Derivation {
  readonly name: string | undefined
  readonly expression: string
  /** The fields it reads; all, by way of `$`, if there are none. */
  readonly fields: readonly string[] | undefined
}

/**
 * Reads the expressions of `--let`, in their order, and behind them those of `--where`.
 *
 * @throws UsageError for what is no expression, and for a field without a name
 */
export function parseDerivations(lets: readonly string[], wheres: readonly string[]): Derivation[] {
  return [
    ...lets.map((text) => {
      const { name, expression } = /^\s*(?<name>[^=\s]+)\s*=(?<expression>.*)$/s.exec(text)?.groups ?? {}
      if (name === undefined || expression === undefined) throw badValue('let', text)
      return derivation('let', text, name, expression.trim())
    }),
    ...wheres.map((text) => derivation('where', text, undefined, text.trim())),
  ]
}

function derivation(flag: string, text: string, name: string | undefined, expression: string): Derivation {
  const fields = fieldsOfExpression(expression)
  try {
    compileExpression(expression, fields)
  } catch (error) {
    throw badValue(flag, text, `; ${messageOf(error)}`, error)
  }
  return { name, expression, fields: fields.includes('$') ? undefined : fields }
}

/** The fields of the input that derivations read; `undefined` for all. */
export function fieldsRead(derivations: readonly Derivation[]): readonly string[] | undefined {
  const computed = new Set<string>()
  const read = new Set<string>()
  for (const { name, fields } of derivations) {
    if (fields === undefined) return undefined
    for (const field of fields) if (!computed.has(field)) read.add(field)
    if (name !== undefined) computed.add(name)
  }
  return [...read]
}

/** The names of the fields that are computed. */
export function computedFields(derivations: readonly Derivation[]): readonly string[] {
  return derivations.flatMap(({ name }) => (name === undefined ? [] : [name]))
}
