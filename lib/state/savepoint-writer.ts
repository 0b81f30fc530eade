import { dirname } from 'node:path'
import { crc32 } from './crc32.ts'
import { type Files, hasCode, type OpenFile } from './files.ts'
import { type CommitEnd, FrameWriter } from './log-format.ts'
import { savepointHeader, savepointHeaderBytes } from './savepoint-format.ts'
import type { WriteCell } from './state-store.ts'
import { orFail } from './store-failure.ts'

const frameBytes = 256 * 1024

/**
 * Writes a savepoint. The file gets its name, in the place of one that has it, when all of it is on the disk. Holds a frame in memory.
 *
 * @param writeCells hands over all cells, at once
 * @throws TidemarkError `checkpoint`; a file of that name is as before then
 */
export async function writeSavepoint(
  path: string,
  files: Files,
  end: CommitEnd,
  writeCells: (write: WriteCell) => void,
): Promise<void> {
  const aside = `${path}.tmp`
  await orFail(`savepoint: can't write '${path}'`, async () => {
    // Left over from a crash.
    await removeIfThere(aside, files)
    try {
      const file = await files.open(aside, 'create')
      try {
        writeAll(file, end, writeCells)
        await file.sync()
      } finally {
        await file.close()
      }
      await files.rename(aside, path)
      await files.syncFolder(dirname(path))
    } catch (error) {
      await removeIfThere(aside, files)
      throw error
    }
  })
}

function writeAll(file: OpenFile, end: CommitEnd, writeCells: (write: WriteCell) => void): void {
  let position = savepointHeaderBytes
  let checksum = 0
  const write = (frame: Buffer): void => {
    file.writeNow(frame, position)
    checksum = crc32(frame, checksum)
    position += frame.length
  }
  const frames = new FrameWriter(1, frameBytes, write)
  writeCells(frames.write)
  for (const frame of frames.finished(end)) write(frame)
  file.writeNow(savepointHeader(checksum), 0)
}

async function removeIfThere(path: string, files: Files): Promise<void> {
  try {
    await files.remove(path)
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error
  }
}
