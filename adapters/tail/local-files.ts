import { type BigIntStats, constants, watch } from 'node:fs'
import { open, readdir, realpath, stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { TidemarkError } from '../../lib/errors.ts'
import { hasCode, readAt } from '../../lib/state/files.ts'
import type { FileStatus, TailedFile, TailedFiles } from './tailed-files.ts'

/** The files of this machine. */
export const localFiles: TailedFiles = {
  async open(path) {
    // An open of a pipe that has a name would wait for somebody to write to it.
    const file = await unlessMissing(open(path, constants.O_RDONLY | constants.O_NONBLOCK))
    if (file === undefined) return undefined
    if (!(await file.stat()).isFile()) {
      await file.close()
      throw new TidemarkError('input', `expected a file at '${path}', got something else, such as a folder or a pipe`)
    }
    return {
      status: async () => statusOf(await file.stat({ bigint: true })),
      read: (position, length) => readAt(file, position, length),
      close: () => file.close(),
    } satisfies TailedFile
  },
  async status(path) {
    const stats = await unlessMissing(stat(path, { bigint: true }))
    return stats && statusOf(stats)
  },
  realPath: (path) => unlessMissing(realpath(path)),
  list: async (folder) => (await unlessMissing(readdir(folder))) ?? [],
  async glob(pattern) {
    const { glob } = await import('tinyglobby')
    const escaped = pattern.replaceAll(/^!|[()]/g, String.raw`\$&`)
    const found = await glob(escaped, { absolute: isAbsolute(pattern), expandDirectories: false, extglob: false })
    return found.toSorted()
  },
  watch(folder, onChange) {
    try {
      const watcher = watch(folder, (type, name) => onChange(name ?? undefined, type === 'rename'))
      // Such as of a folder that is removed: whoever polls finds out.
      watcher.on('error', () => onChange(undefined, true))
      return () => watcher.close()
    } catch {
      return undefined
    }
  },
}

function statusOf({ dev, ino, size, mtimeNs, birthtimeNs, nlink }: BigIntStats): FileStatus {
  const [modified, born] = [Number(mtimeNs / 1_000n), Number(birthtimeNs / 1_000n)]
  return { id: `${dev}:${ino}`, size: Number(size), modified, born, isLinked: nlink > 0n }
}

async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined
    throw error
  }
}
