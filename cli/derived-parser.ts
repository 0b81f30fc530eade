import { noRecord, type Parser, unparsable, Unparsable } from '../adapters/format/parser.ts'
import { put } from '../adapters/format/put.ts'
import { messageOf } from '../lib/errors.ts'
import type { Derivation } from './derivation.ts'
import { compileExpression } from './expression.ts'
import type { Failures } from './failures.ts'
import type { Field, Fields } from './field.ts'
import type { LookupTable } from './lookup-table.ts'

/** Adds fields to records, from tables and by expressions, and lets pass those that meet the conditions. */
export class DerivedFields {
  readonly #tables: readonly LookupTable[]
  readonly #steps: readonly { readonly name: string | undefined; readonly evaluate: (record: Fields) => unknown }[]
  readonly #read: readonly Field[]

  /** @param read the fields that expressions read, for the user to be told of those that no record has */
  constructor(tables: readonly LookupTable[], derivations: readonly Derivation[], read: readonly Field[]) {
    this.#tables = tables
    this.#steps = derivations.map(({ name, expression, fields = ['$'] }) => ({
      name,
      evaluate: compileExpression(expression, fields),
    }))
    this.#read = read
  }

  /** Makes a parser of another one: an expression that fails is a line that did not parse. */
  parser(of: Parser<Fields>, failures: Failures): Parser<Fields> {
    return {
      name: of.name,
      // The header of a table, which the next run may begin behind.
      ...(of.memory && { memory: of.memory }),
      parse: (line) => {
        const record = of.parse(line)
        if (record === noRecord || record instanceof Unparsable) return record
        const derived = this.derive(record)
        if (derived instanceof Unparsable) failures.add(`${line.source}:${line.number}: ${derived.reason}`)
        return derived
      },
    }
  }

  /** Adds the fields to a record; `noRecord` for one that does not meet the conditions, and the reason where an expression failed. */
  derive(record: Fields): Fields | Unparsable | typeof noRecord {
    for (const table of this.#tables) table.enrich(record)
    for (const field of this.#read) if (!field.isSeen) field.read(record)
    for (const { name, evaluate } of this.#steps) {
      let value: unknown
      try {
        value = evaluate(record)
      } catch (error) {
        return unparsable(`--${name === undefined ? 'where' : `let ${name}`}: ${messageOf(error)}`)
      }
      if (name === undefined) {
        if (!value) return noRecord
      } else put(record, name, value)
    }
    return record
  }
}
