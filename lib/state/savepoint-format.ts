// A savepoint is a header and the frames of one commit, as a log has them. See docs/decisions for the reasons.
//
// header   magic (8 bytes), version (4), checksum of all that follows (4)

const magic = Buffer.from('tidesave', 'latin1')
export const savepointVersion = 1
export const savepointHeaderBytes = 16

/** @param checksum of what follows */
export function savepointHeader(checksum: number): Buffer {
  const bytes = Buffer.alloc(savepointHeaderBytes)
  magic.copy(bytes)
  bytes.writeUInt32LE(savepointVersion, 8)
  bytes.writeUInt32LE(checksum, 12)
  return bytes
}

/** Reads a header; `undefined` if it is none. */
export function readSavepointHeader(
  bytes: Uint8Array,
): { readonly version: number; readonly checksum: number } | undefined {
  const buffer = Buffer.from(bytes)
  if (buffer.length < savepointHeaderBytes || !buffer.subarray(0, 8).equals(magic)) return undefined
  return { version: buffer.readUInt32LE(8), checksum: buffer.readUInt32LE(12) }
}
