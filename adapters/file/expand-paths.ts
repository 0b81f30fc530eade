import { stat } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { messageOf, TidemarkError } from '../../lib/errors.ts'

/**
 * Turns paths and globs into the files they mean, in the order given, the files of one glob sorted by name (by code unit,
 * so `10.log` comes before `9.log`). A path that exists is a file, whatever characters are in it; `-` stays as it is.
 *
 * @param who names the reader in errors
 * @throws TidemarkError `input` for a missing file, a directory and a glob that matches nothing
 */
export async function expandPaths(paths: readonly string[], who = 'lines'): Promise<string[]> {
  const files: string[] = []
  for (const path of paths) {
    if (path === '-' || (await isFile(path, who))) files.push(path)
    else files.push(...(await matches(path, who)))
  }
  return files
}

/** False for a glob that no file has as its name. */
async function isFile(path: string, who: string): Promise<boolean> {
  try {
    if (!(await stat(path)).isDirectory()) return true
  } catch (error) {
    if (/[*?[\]{}]/.test(path)) return false
    throw new TidemarkError('input', `${who}: expected a file at '${path}', got ${messageOf(error)}`, { cause: error })
  }
  throw new TidemarkError('input', `${who}: expected a file at '${path}', got a directory; its files are '${path}/*'`)
}

async function matches(path: string, who: string): Promise<string[]> {
  // Of the characters with a meaning in a glob only `*?[]{}` are to have one.
  const pattern = path.replaceAll(/^!|[()]/g, String.raw`\$&`)
  // Loaded when there is a glob: most often there is none, and it takes longer to load than a small file to read.
  const { glob } = await import('tinyglobby')
  const files = await glob(pattern, { absolute: isAbsolute(path), expandDirectories: false, extglob: false })
  if (files.length === 0) throw new TidemarkError('input', `${who}: expected files that match '${path}', got none`)
  return files.toSorted()
}
