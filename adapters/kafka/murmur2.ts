const seed = 0x9747b28c
const m = 0x5bd1e995

/**
 * The hash by which Kafka's own clients choose the partition of a key, so that records of one key meet in one partition whoever wrote
 * them.
 *
 * @returns 31 bits
 * @see org.apache.kafka.common.utils.Utils.murmur2, and toPositive
 */
export function murmur2(bytes: Uint8Array): number {
  const { length } = bytes
  let h = seed ^ length
  let i = 0
  for (; i + 4 <= length; i += 4) {
    let k = byteAt(bytes, i) | (byteAt(bytes, i + 1) << 8) | (byteAt(bytes, i + 2) << 16) | (byteAt(bytes, i + 3) << 24)
    k = Math.imul(k, m)
    k = Math.imul(k ^ (k >>> 24), m)
    h = Math.imul(h, m) ^ k
  }
  const rest = length - i
  if (rest > 2) h ^= byteAt(bytes, i + 2) << 16
  if (rest > 1) h ^= byteAt(bytes, i + 1) << 8
  if (rest > 0) h = Math.imul(h ^ byteAt(bytes, i), m)
  h = Math.imul(h ^ (h >>> 13), m)
  return (h ^ (h >>> 15)) & 0x7fffffff
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0
}
