import { type FileMark, printOf } from './file-mark.ts'
import type { FoundFile } from './segment.ts'

/** How far back the start of a line is looked for. */
const mostBytes = 256 * 1024

/** Behind the last line of a file that has ended, so that the next one is given as a whole, though it may have begun. */
export async function endMark({ file, id, path, modified, born }: FoundFile): Promise<FileMark> {
  const { size } = await file.status()
  const start = Math.max(0, size - mostBytes)
  const last = await file.read(start, size - start)
  const lineFeed = last.lastIndexOf(0x0a)
  const offset = lineFeed === -1 && start > 0 ? size : start + lineFeed + 1
  const print = await printOf(file, id, offset)
  const rest = { rest: new Uint8Array(), restBytes: 0, cutAt: -1, isContinued: false }
  return { ...print, ...rest, path, modified, born, number: 0 }
}
