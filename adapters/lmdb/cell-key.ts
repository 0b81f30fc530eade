import { show, TidemarkError } from '../../lib/errors.ts'

/** What LMDB takes, with pages of 4 KiB. */
const longest = 1978

/**
 * Where the cells of a table start: its name and a zero, so that no table's keys lie among those of another, and the keys of one
 * keep their order.
 *
 * @throws TidemarkError `checkpoint` for a name that is empty or has a zero in it
 */
export function tablePrefix(table: string): Buffer {
  if (table === '' || table.includes('\0')) {
    throw new TidemarkError('checkpoint', `lmdbStore: expected a table with a name without \\0, got ${show(table)}`)
  }
  return Buffer.from(`${table}\0`)
}

/** Behind the last cell of a table. */
export function tableEnd(prefix: Buffer): Buffer {
  const end = Buffer.from(prefix)
  end[end.length - 1] = 1
  return end
}

/** @throws TidemarkError `checkpoint` for a key that is too long */
export function cellKey(prefix: Buffer, key: Uint8Array): Buffer {
  const bytes = prefix.length + key.length
  if (bytes > longest) {
    throw new TidemarkError(
      'checkpoint',
      `lmdbStore: expected a key of at most ${longest - prefix.length} bytes in the table '${tableOf(prefix)}', got one of ${key.length}`,
    )
  }
  const whole = Buffer.allocUnsafe(bytes)
  whole.set(prefix)
  whole.set(key, prefix.length)
  return whole
}

/** The table of a prefix, or of a key that starts with one. */
export function tableOf(key: Uint8Array): string {
  return Buffer.from(key.subarray(0, key.indexOf(0))).toString()
}
