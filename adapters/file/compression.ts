import type { Transform } from 'node:stream'
import type * as Zlib from 'node:zlib'
import { TidemarkError } from '../../lib/errors.ts'

/** A way in which a file may be compressed. */
export interface Compression {
  readonly name: string
  /** Makes a stream that decompresses. */
  readonly create: (options: { readonly chunkSize: number }) => Transform
}

export const gzip: Compression = { name: 'gzip', create: (options) => zlib().createGunzip(options) }

const zstd: Compression = {
  name: 'zstd',
  create: (options) => {
    // From Node 22.15 on.
    const { createZstdDecompress } = zlib() as { readonly createZstdDecompress?: Compression['create'] }
    if (createZstdDecompress !== undefined) return createZstdDecompress(options)
    throw new TidemarkError('input', `zstd: expected Node 22.15 or later to decompress it, got ${process.version}`)
  },
}

/** Loaded when it is first asked for: most files are not compressed, and it would cost each of them a part of the start. */
function zlib(): typeof Zlib {
  return process.getBuiltinModule('node:zlib')
}

/** How many bytes tell of a compression. */
export const magicBytes = 4

/** Tells gzip (RFC 1952) and zstd (RFC 8878) by the first bytes of a file, whatever its name. */
export function compressionOf(start: Buffer): Compression | undefined {
  if (start.length >= 2 && start.readUInt16BE() === 0x1f8b) return gzip
  return start.length === magicBytes && start.readUInt32BE() === 0x28b52ffd ? zstd : undefined
}
