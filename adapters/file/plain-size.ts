import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { compressionOf, magicBytes } from './compression.ts'

/** A file's size in bytes; 0 for one that is compressed, is no file, or can't be read, which whoever reads it has to deal with. */
export function plainSize(path: string): number {
  if (path === '-') return 0
  let descriptor: number | undefined
  try {
    // Before it is opened: to open a named pipe and close it again would take its data from whoever reads it then.
    const stats = statSync(path)
    if (!stats.isFile()) return 0
    descriptor = openSync(path, 'r')
    const start = Buffer.alloc(magicBytes)
    const length = readSync(descriptor, start, 0, magicBytes, 0)
    return compressionOf(start.subarray(0, length)) === undefined ? stats.size : 0
  } catch {
    return 0
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}
