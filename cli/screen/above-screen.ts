import type { Sink } from '../../lib/sink.ts'
import type { Screen } from './screen.ts'

/**
 * Makes a sink whose lines on the terminal stand above what is drawn anew.
 *
 * @param prepare sees what is about to be written together
 */
export function aboveScreen<T>(
  sink: Sink<T>,
  screen: Screen,
  prepare: (values: readonly T[]) => void = () => {},
): Sink<T> {
  return {
    name: sink.name,
    write(values) {
      screen.erase()
      prepare(values)
      return sink.write(values)
    },
    prepare: () => sink.prepare?.(0),
    end: () => sink.end?.(),
    close: (reason) => sink.close?.(reason),
  }
}
