import { TidemarkError } from '../../lib/errors.ts'

/** The key of what there is beside the cells. No table's name starts with a zero. */
export const headKey: Buffer = Buffer.from([0])

const magic = Buffer.from('tidemark', 'latin1')
const version = 1
const bytesBeforeMeta = 20

export interface Head {
  readonly epoch: number
  readonly meta: Uint8Array
}

export function writeHead({ epoch, meta }: Head): Buffer {
  const bytes = Buffer.alloc(bytesBeforeMeta + meta.length)
  magic.copy(bytes)
  bytes.writeUInt32LE(version, 8)
  bytes.writeDoubleLE(epoch, 12)
  bytes.set(meta, bytesBeforeMeta)
  return bytes
}

/** @throws TidemarkError `checkpoint` for a head that is none, or of another version */
export function readHead(bytes: Uint8Array, folder: string): Head {
  const buffer = Buffer.from(bytes)
  if (buffer.length < bytesBeforeMeta || !buffer.subarray(0, 8).equals(magic)) {
    throw new TidemarkError('checkpoint', `lmdbStore: expected the state of a job, got another database in '${folder}'`)
  }
  const found = buffer.readUInt32LE(8)
  if (found !== version) {
    throw new TidemarkError(
      'checkpoint',
      `lmdbStore: expected state of version ${version}, got version ${found} in '${folder}'`,
    )
  }
  return { epoch: buffer.readDoubleLE(12), meta: buffer.subarray(bytesBeforeMeta) }
}
