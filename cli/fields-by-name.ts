import { Field, type SeenField } from './field.ts'

/** The fields that a pipeline reads, one for each name. */
export class FieldsByName {
  readonly #fields = new Map<string, Field>()

  readonly of = (name: string): Field => {
    const field = this.#fields.get(name) ?? new Field(name)
    this.#fields.set(name, field)
    return field
  }

  /** Gives what is known of all, in the order in which they were asked for, and begins anew. */
  take(): readonly SeenField[] {
    return [...this.#fields.values()].map((field) => field.take())
  }

  /** Takes over what the same fields have seen elsewhere. */
  add(seen: readonly SeenField[]): void {
    for (const [i, field] of [...this.#fields.values()].entries()) {
      const other = seen[i]
      if (other !== undefined) field.add(other)
    }
  }

  notes(): readonly string[] {
    return [...this.#fields.values()].flatMap((field) => field.notes())
  }
}
