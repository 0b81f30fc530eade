/**
 * The CRC-32 of bytes, behind others whose CRC-32 is `before`. zlib is loaded when it is first asked for: few jobs keep state, and it
 * costs each of them a part of the start.
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  return process.getBuiltinModule('node:zlib').crc32(bytes, before)
}
