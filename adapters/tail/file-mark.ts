import type { TailedFile } from './tailed-files.ts'

/** Bytes at the start of a file, and before the place that was read up to, by which it is known again. */
export const printBytes = 128

/** How far a file is compared with a copy, behind what was read. */
const comparedBytes = 64 * 1024

/** By what a file is known again, under another name, as a copy, or compressed. Plain data. */
export interface FilePrint {
  /** Device and inode. */
  readonly id: string
  /** Bytes that have been read. */
  readonly offset: number
  /** The first of them. */
  readonly head: Uint8Array
  /** The last of them. */
  readonly tail: Uint8Array
}

/** Where reading stands in a file. Plain data, for checkpoints. */
export interface FileMark extends FilePrint {
  /** Where it was when it was opened, behind symbolic links. */
  readonly path: string
  /** When it had last been written to, in µs since the epoch. */
  readonly modified: number
  /** When it was made, in µs since the epoch. */
  readonly born: number
  /** Lines before `offset`. */
  readonly number: number
  /** What has been read of the line under way, as far as it is held. */
  readonly rest: Uint8Array
  /** The whole length of that. */
  readonly restBytes: number
  /** Where a line was given before it had its ending; -1 if none was. */
  readonly cutAt: number
  /** A line may begin in it and end in the next one. */
  readonly isContinued: boolean
}

/** When a file was made and last written to, in µs since the epoch. */
type Age = Pick<FileMark, 'born' | 'modified'>

/** By what a file is known again that has been read up to `offset`. */
export async function printOf(file: TailedFile, id: string, offset: number): Promise<FilePrint> {
  const bytes = Math.min(printBytes, offset)
  return {
    id,
    offset,
    head: new Uint8Array(await file.read(0, bytes)),
    tail: new Uint8Array(await file.read(offset - bytes, bytes)),
  }
}

/** Whether a file holds what was read up to a mark. Never of a mark before which nothing was read: any file would do. */
export async function hasContent(file: TailedFile, { offset, head, tail }: FilePrint): Promise<boolean> {
  if (offset === 0) return false
  const first = await file.read(0, head.length)
  if (!first.equals(head)) return false
  return (await file.read(offset - tail.length, tail.length)).equals(tail)
}

/**
 * Whether a file that was put in the place of another begins with what was read of that, so that it is the same, written
 * anew. Of short ones it is not said: they are all too alike.
 */
export async function isLonger(file: TailedFile, mark: FilePrint): Promise<boolean> {
  return mark.offset >= printBytes && hasContent(file, mark)
}

/** Whether a copy holds what was read of a file up to a mark, and more behind that, which the file itself does not hold. */
export async function holdsOther(copy: TailedFile, file: TailedFile, mark: FilePrint): Promise<boolean> {
  if (!(await hasContent(copy, mark))) return false
  const more = await copy.read(mark.offset, comparedBytes)
  return !(await file.read(mark.offset, more.length)).equals(more)
}

/**
 * Whether a file may be a copy of another: not if it was there before that, nor if it was compressed since and is as old
 * as what is in it.
 */
export function canBeCopy({ born, modified }: Age, original: Age): boolean {
  return Math.min(born, modified) >= original.born
}
