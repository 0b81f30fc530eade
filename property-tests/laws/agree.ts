import { AssertionError } from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { stringify } from 'fast-check'

/**
 * Throws unless two lists are equal, and says where they part. An `AssertionError`, because test runners know it and show
 * both sides.
 *
 * @param expectation what was expected, for the message: `the final result of the events in time order`
 */
export function agree(
  law: string,
  expectation: string,
  actual: readonly unknown[],
  expected: readonly unknown[],
): void {
  if (isDeepStrictEqual(actual, expected)) return
  const length = Math.max(actual.length, expected.length)
  const at = Array.from({ length }, (_, i) => i).find((i) => !isDeepStrictEqual(actual[i], expected[i])) ?? 0
  refute(law, `expected ${expectation}; at ${at}: expected ${shown(expected, at)}, got ${shown(actual, at)}`, {
    actual,
    expected,
  })
}

/** Throws what a test runner shows as a failed assertion. */
export function refute(law: string, message: string, sides: { actual?: unknown; expected?: unknown } = {}): never {
  throw new AssertionError({ message: `${law}: ${message}`, ...sides })
}

function shown(list: readonly unknown[], at: number): string {
  return at < list.length ? stringify(list[at]) : 'nothing more'
}
