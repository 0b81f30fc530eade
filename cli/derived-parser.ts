import { noRecord, type Parser, unparsable, Unparsable } from '../adapters/format/parser.ts'
import { put } from '../adapters/format/put.ts'
import { messageOf } from '../lib/errors.ts'
import type { Derivation } from './derivation.ts'
import { compileExpression } from './expression.ts'
import type { Field, Fields } from './field.ts'
import type { LookupTable } from './lookup-table.ts'

/** Failures that are shown one by one. */
const mostShown = 3

/** Adds fields to records, from tables and by expressions, and lets pass those that meet the conditions. */
export class DerivedFields {
  readonly #tables: readonly LookupTable[]
  readonly #steps: readonly { readonly name: string | undefined; readonly evaluate: (record: Fields) => unknown }[]
  readonly #say: (text: string) => void
  /** The fields that no record has had so far. */
  #unseen: readonly Field[]
  #failures = 0

  /** @param say shows a line to the user */
  constructor(
    tables: readonly LookupTable[],
    derivations: readonly Derivation[],
    unseen: readonly Field[],
    say: (text: string) => void,
  ) {
    this.#tables = tables
    this.#steps = derivations.map(({ name, expression, fields = ['$'] }) => ({
      name,
      evaluate: compileExpression(expression, fields),
    }))
    this.#unseen = unseen
    this.#say = say
  }

  /** Makes a parser of another one: an expression that fails is a line that did not parse. */
  parser(of: Parser<Fields>): Parser<Fields> {
    return {
      name: of.name,
      // The header of a table, which the next run may begin behind.
      ...(of.memory && { memory: of.memory }),
      parse: (line) => {
        const record = of.parse(line)
        if (record === noRecord || record instanceof Unparsable) return record
        return this.derive(record, () => `${line.source}:${line.number}`)
      },
    }
  }

  /**
   * Adds the fields to a record; `noRecord` for one that does not meet the conditions.
   *
   * @param where names the record, for those who are told of a failure
   */
  derive(record: Fields, where: () => string): Fields | Unparsable | typeof noRecord {
    const derived = this.#derived(record)
    if (!(derived instanceof Unparsable)) return derived
    this.#failures += 1
    if (this.#failures <= mostShown) this.#say(`${where()}: ${derived.reason}`)
    return derived
  }

  /** What the user should know when all is done. */
  notes(): string[] {
    const more = this.#failures - mostShown
    return more > 0 ? [`${more} more lines for which --let or --where failed`] : []
  }

  #derived(record: Fields): Fields | Unparsable | typeof noRecord {
    for (const table of this.#tables) table.enrich(record)
    if (this.#unseen.length > 0) {
      this.#unseen = this.#unseen.filter((field) => field.read(record) === undefined)
    }
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
