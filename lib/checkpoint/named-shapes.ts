import { messageOf, TidemarkError } from '../errors.ts'
import type { StateShape } from './state-shape.ts'

type Layout = readonly (readonly [name: string, layout: unknown])[]

/** The shapes of several parts of a state, under names. A part may be added, which begins with nothing; one may go if that is said. */
export class NamedShapes<S extends StateShape> implements StateShape {
  readonly layout: Layout
  readonly #shapes: ReadonlyMap<string, S>
  /** The names in what is loaded, if it is another layout. */
  #names: readonly string[] | undefined

  constructor(shapes: Iterable<readonly [name: string, shape: S]>) {
    this.#shapes = new Map(shapes)
    this.layout = Array.from(this.#shapes, ([name, { layout }]) => [name, layout])
  }

  /** The names in what is loaded. */
  get names(): readonly string[] {
    return this.#names ?? [...this.#shapes.keys()]
  }

  get(name: string): S | undefined {
    return this.#shapes.get(name)
  }

  adapt(layout: unknown, isDropped: (part: string) => boolean): void {
    const parts = layout as Layout
    for (const [name, part] of parts) {
      const shape = this.#shapes.get(name)
      if (shape !== undefined) adaptPart(name, shape, part, isDropped)
      else if (!isDropped(name)) {
        throw new TidemarkError(
          'checkpoint',
          `expected a state with '${name}', which the checkpoint has, got one without; name what may go in checkpoint.drop, behind the id and a dot`,
        )
      }
    }
    this.#names = parts.map(([name]) => name)
  }
}

function adaptPart(name: string, shape: StateShape, layout: unknown, isDropped: (part: string) => boolean): void {
  try {
    shape.adapt(layout, (part) => isDropped(`${name}.${part}`))
  } catch (error) {
    throw new TidemarkError('checkpoint', `${name}: ${messageOf(error)}`)
  }
}
