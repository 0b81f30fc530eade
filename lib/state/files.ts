import { readSync, writeSync } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** An open file. */
export interface OpenFile {
  size(): Promise<number>
  /** The bytes from a position on, in a buffer of their own; fewer than `length` only at the end of the file. */
  read(position: number, length: number): Promise<Uint8Array>
  /** Writes all the bytes, or fails. They may be overwritten when it is done. */
  write(bytes: Uint8Array, position: number): Promise<void>
  /** As `read`, in one go, for what is asked for by something that can't wait. */
  readNow(position: number, length: number): Uint8Array
  /** As `write`, in one go. */
  writeNow(bytes: Uint8Array, position: number): void
  truncate(length: number): Promise<void>
  /** Makes durable what the file holds. */
  sync(): Promise<void>
  close(): Promise<void>
}

/**
 * What has to survive a crash goes through this: nothing more of a file system than it takes, so that another can stand in that
 * knows what is durable. Until a file is synced its content may be lost in part, until a folder is synced so may the changes of
 * the names in it. Errors are those of Node.
 */
export interface Files {
  /** `create` fails if there is a file, the others if there is none. */
  open(path: string, mode: 'read' | 'update' | 'create'): Promise<OpenFile>
  /** Takes the place of a file, or of an empty folder, at once. */
  rename(from: string, to: string): Promise<void>
  /** Removes a file. */
  remove(path: string): Promise<void>
  /** The names in a folder, sorted. */
  list(folder: string): Promise<readonly string[]>
  /** Makes a folder and those above it, durably. Does nothing if it is there. */
  makeFolder(folder: string): Promise<void>
  /** Removes an empty folder. */
  removeFolder(folder: string): Promise<void>
  /** Makes durable which names a folder holds. */
  syncFolder(folder: string): Promise<void>
}

const flags = { read: 'r', update: 'r+', create: 'wx+' } as const

/** Reads so many bytes, fewer where the file ends. They are in a buffer of their own, which the reader may keep. */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return buffer.subarray(0, done)
}

/** The file system of this machine. */
export const realFiles: Files = {
  async open(path, mode) {
    const file = await open(path, flags[mode])
    return {
      size: async () => (await file.stat()).size,
      read: (position, length) => readAt(file, position, length),
      async write(bytes, position) {
        let done = 0
        while (done < bytes.length) {
          done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten
        }
      },
      readNow(position, length) {
        const buffer = Buffer.allocUnsafeSlow(length)
        let done = 0
        while (done < length) {
          const read = readSync(file.fd, buffer, done, length - done, position + done)
          if (read === 0) break
          done += read
        }
        return buffer.subarray(0, done)
      },
      writeNow(bytes, position) {
        let done = 0
        while (done < bytes.length) done += writeSync(file.fd, bytes, done, bytes.length - done, position + done)
      },
      truncate: (length) => file.truncate(length),
      sync: () => file.datasync(),
      close: () => file.close(),
    }
  },
  rename,
  remove: (path) => rm(path),
  list: async (folder) => (await readdir(folder)).toSorted(),
  async makeFolder(folder) {
    const first = await mkdir(folder, { recursive: true })
    if (first === undefined) return
    for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made))
  },
  removeFolder: (folder) => rmdir(folder),
  syncFolder,
}

async function syncFolder(folder: string): Promise<void> {
  // Windows has no way to open a folder, and keeps names in order by itself.
  if (process.platform === 'win32') return
  const handle = await open(join(folder, '.'), 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Whether an error is that of a file system, by its code. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}
