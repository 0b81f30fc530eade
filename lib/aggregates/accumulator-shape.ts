import type { Aggregate } from '../aggregate.ts'
import { NamedShapes } from '../checkpoint/named-shapes.ts'
import type { StateShape } from '../checkpoint/state-shape.ts'
import { ValueShape } from '../checkpoint/value-shape.ts'
import { TidemarkError } from '../errors.ts'

/** How accumulators look. */
export interface AccumulatorShape extends StateShape {
  /** An accumulator that was saved, as it looks now. */
  restore(saved: unknown): unknown
}

/**
 * The shape of the accumulators of an operator.
 *
 * @param isInsertOnly nothing is taken back from them
 */
export function accumulatorShape(
  aggregate: Aggregate<never, unknown, unknown>,
  isInsertOnly: boolean,
): AccumulatorShape {
  const shape = shapeOf(aggregate, isInsertOnly)
  const what = (insertsOnly: unknown): string =>
    `a stream that takes ${insertsOnly === true ? 'nothing' : 'values'} back`
  return {
    layout: [isInsertOnly, shape.layout],
    adapt(layout, isDropped) {
      const [wasInsertOnly, of] = layout as readonly [boolean, unknown]
      if (wasInsertOnly !== isInsertOnly) {
        throw new TidemarkError(
          'checkpoint',
          `expected state of ${what(isInsertOnly)}, got that of ${what(wasInsertOnly)}`,
        )
      }
      shape.adapt(of, isDropped)
    },
    restore: (saved) => shape.restore(saved),
  }
}

function shapeOf(aggregate: Aggregate<never, unknown, unknown>, isInsertOnly: boolean): AccumulatorShape {
  const { name, version, migrate, parts } = aggregate
  if (parts !== undefined) return new PartsShape(parts, isInsertOnly)
  return new ValueShape(name, { ...(version !== undefined && { version }), ...(migrate !== undefined && { migrate }) })
}

/** The shape of accumulators of several aggregates. */
class PartsShape implements AccumulatorShape {
  readonly layout: unknown
  readonly #parts: readonly (readonly [name: string, create: () => unknown])[]
  readonly #shapes: NamedShapes<AccumulatorShape>
  #isAdapted = false

  constructor(parts: NonNullable<Aggregate<never, unknown, unknown>['parts']>, isInsertOnly: boolean) {
    const entries = Object.entries(parts)
    this.#parts = entries.map(([name, part]) => [name, () => part.create(isInsertOnly)])
    this.#shapes = new NamedShapes(entries.map(([name, part]) => [name, shapeOf(part, isInsertOnly)]))
    this.layout = this.#shapes.layout
  }

  adapt(layout: unknown, isDropped: (part: string) => boolean): void {
    this.#shapes.adapt(layout, isDropped)
    this.#isAdapted = true
  }

  restore(saved: unknown): unknown {
    if (!this.#isAdapted) return saved
    const found = new Map((saved as readonly unknown[]).map((accumulator, i) => [this.#shapes.names[i], accumulator]))
    return this.#parts.map(([name, create]) =>
      found.has(name) ? this.#shapes.get(name)?.restore(found.get(name)) : create(),
    )
  }
}
