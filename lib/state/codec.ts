import { messageOf, TidemarkError } from '../errors.ts'
import { ValueReader } from './value-reader.ts'
import { ValueWriter } from './value-writer.ts'

/** Of the layout; the first byte of what is encoded. */
const version = 1

const writer = new ValueWriter()

/**
 * Turns plain data into bytes of its own: primitives, arrays, records, `Map`, `Set`, `Date` and numeric arrays, in any nesting.
 * Equal values give equal bytes as long as their parts come in the same order, so that a key can be found again by its bytes.
 * What has no value in an array becomes `undefined`; a thing that occurs twice becomes two.
 *
 * @throws TidemarkError `checkpoint` for a function, a symbol, an instance of a class, something circular
 */
export function encode(value: unknown): Uint8Array {
  writer.clear()
  encodeTo(writer, value)
  return writer.bytes.copied()
}

/** Writes what `encode` gives behind what has been written. */
export function encodeTo(writer: ValueWriter, value: unknown): void {
  writer.bytes.byte(version)
  writer.value(value)
}

/**
 * Turns what `encode` gave into an equal value. It keeps nothing of the bytes.
 *
 * @throws TidemarkError `checkpoint` for bytes of another version, or that are no whole value
 */
export function decode(bytes: Uint8Array): unknown {
  try {
    const reader = new ValueReader(bytes)
    const found = reader.bytes.byte()
    if (found !== version) reader.bytes.fail(`a value of version ${version}`, `one of version ${found}`)
    const value = reader.value()
    if (!reader.bytes.isAtEnd) reader.bytes.fail('the end', 'more bytes')
    return value
  } catch (error) {
    if (error instanceof TidemarkError) throw error
    // No digits of a bigint, a half number in an array.
    throw new TidemarkError('checkpoint', `decode: expected a value, got damaged bytes: ${messageOf(error)}`, {
      cause: error,
    })
  }
}
