import type { Key } from '../../lib/keyed/key.ts'
import { encode } from '../../lib/state/codec.ts'
import { murmur2 } from './murmur2.ts'

/** The bytes of a key in a record: text as UTF-8, as other programs write it, and anything else as state has it. */
export function keyBytes(key: Key): Buffer {
  return typeof key === 'string' ? Buffer.from(key) : Buffer.from(encode(key))
}

/** The partition of a key, as Kafka's own clients choose it. */
export function partitionOf(key: Uint8Array, partitions: number): number {
  return murmur2(key) % partitions
}
