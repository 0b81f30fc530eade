import { show, TidemarkError } from '../errors.ts'
import { pagedPart } from './paged-cells.ts'
import type { SavedPart, SavedState } from './saved-state.ts'
import type { StateShape } from './state-shape.ts'

/** The state of an operator that consists of several parts: each has the cells whose keys begin with its name. */
export function savedParts(
  version: number,
  parts: Readonly<Record<string, SavedPart>>,
  shape?: StateShape,
): SavedState {
  return {
    version,
    shape,
    page(cells, watermark) {
      for (const [name, part] of Object.entries(parts)) part.page?.(pagedPart(cells, name), watermark)
    },
    committed() {
      for (const part of Object.values(parts)) part.committed?.()
    },
    save(write, which) {
      for (const [name, part] of Object.entries(parts)) part.save((key, cell) => write([name, key], cell), which)
    },
    load(at, cell) {
      const [name, key] = at as [string, unknown]
      const part = parts[name]
      if (part === undefined) {
        const known = Object.keys(parts).map(show).join(', ')
        throw new TidemarkError(
          'checkpoint',
          `expected state of ${known}, got state of ${show(name)}: built with other options`,
        )
      }
      part.load(key, cell)
    },
    loaded() {
      for (const part of Object.values(parts)) part.loaded?.()
    },
  }
}

/** A single value that is written each time, such as a number. */
export function savedValue<V>(get: () => V, set: (value: V) => void): SavedPart {
  return {
    save: (write) => write(undefined, get()),
    load: (_, value) => set(value as V),
  }
}
