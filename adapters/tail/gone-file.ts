import type { FileMark } from './file-mark.ts'
import type { FoundFile } from './segment.ts'

/** Stands for a file that has gone, of which a line is left that had begun. */
export function goneFile({ path, modified, born, offset }: FileMark): FoundFile {
  const status = { id: '', size: offset, modified, born, isLinked: false }
  const file = { status: async () => status, read: async () => Buffer.alloc(0), close: async () => {} }
  return { file, id: '', path, modified, born }
}
