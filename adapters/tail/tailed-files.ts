/** What a file system says of a file. */
export interface FileStatus {
  /** Which file it is, whatever its name: device and inode. One that is gone may leave it to another. */
  readonly id: string
  readonly size: number
  /** When it was last written to, in µs since the epoch. */
  readonly modified: number
  /** When it was made, in µs since the epoch, where that is known: a file with the same id and another time is another one. */
  readonly born: number
  /** Still has a name. */
  readonly isLinked: boolean
}

/** A file that is open for reading, and stays so under another name or under none. */
export interface TailedFile {
  status(): Promise<FileStatus>
  /** The bytes from a position on, in a buffer of their own; fewer than `length` only at the end of the file. */
  read(position: number, length: number): Promise<Buffer>
  /** There is more in it that can't be read. */
  readonly isDamaged?: boolean
  close(): Promise<void>
}

/**
 * What following files takes of a file system, so that another can stand in whose every step is chosen. Paths are followed
 * through symbolic links. Errors are those of Node.
 */
export interface TailedFiles {
  /** Undefined if there is none. */
  open(path: string): Promise<TailedFile | undefined>
  /** Of the file or folder that has a name now; undefined if there is none. */
  status(path: string): Promise<FileStatus | undefined>
  /** The path behind symbolic links; undefined if there is no file. */
  realPath(path: string): Promise<string | undefined>
  /** The names in a folder; none if there is no folder. */
  list(folder: string): Promise<readonly string[]>
  /** The files that a glob means now, sorted. */
  glob(pattern: string): Promise<readonly string[]>
  /**
   * Calls back when something in a folder changes, with the name where it is known: `isOfNames` when that has come or gone,
   * otherwise what is in the file has changed. It may be late, or not call at all.
   *
   * @returns what ends it; undefined where a folder can't be watched
   */
  watch(folder: string, onChange: (name: string | undefined, isOfNames: boolean) => void): (() => void) | undefined
}
