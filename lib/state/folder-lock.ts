import { join } from 'node:path'
import { TidemarkError } from '../errors.ts'
import { type Files, hasCode } from './files.ts'
import type { Owner } from './owner.ts'

/**
 * Takes a folder for this process alone; gives what lets go of it.
 *
 * The lock is a folder `lock` with one file in it, whose name says who has it. It is made aside and renamed into place, which
 * succeeds for one of many at a time, and only where there is none or an empty one; so there is no moment at which it does not
 * say whose it is. The lock of a process that is gone is emptied by that name, which can't hit the lock of anybody else.
 *
 * @param who for errors
 * @throws TidemarkError `checkpoint` if another process has it, or may have it
 */
export async function lockFolder(
  folder: string,
  files: Files,
  owner: Owner,
  who: string,
): Promise<() => Promise<void>> {
  const lock = join(folder, 'lock')
  const aside = join(folder, `lock.${owner.id}`)
  try {
    for (;;) {
      await files.makeFolder(aside)
      await ignoring(['EEXIST'], async () => (await files.open(join(aside, owner.id), 'create')).close())
      if (await succeeds(files.rename(aside, lock))) break
      for (const holder of await holders()) {
        const holding = owner.lookUp(holder)
        if (holding !== 'gone') throw held(holder, holding)
        await ignoring(['ENOENT'], () => files.remove(join(lock, holder)))
      }
      await ignoring(['ENOENT', ...notEmpty], () => files.removeFolder(lock))
    }
  } catch (error) {
    await emptied(aside)
    throw error
  }
  return () => emptied(lock)

  async function holders(): Promise<readonly string[]> {
    let names: readonly string[] = []
    await ignoring(['ENOENT'], async () => (names = await files.list(lock)))
    return names
  }

  async function emptied(path: string): Promise<void> {
    await ignoring(['ENOENT'], () => files.remove(join(path, owner.id)))
    await ignoring(['ENOENT'], () => files.removeFolder(path))
  }

  function held(holder: string, holding: 'alive' | 'unknown'): TidemarkError {
    const name = owner.describe(holder)
    return new TidemarkError(
      'checkpoint',
      holder === owner.id
        ? `${who}: expected a folder that nobody uses, got '${folder}', which this process has open`
        : holding === 'alive'
          ? `${who}: expected a folder that nobody uses, got '${folder}', which ${name} has open`
          : `${who}: expected a folder that nobody uses, got '${folder}', which ${name} had open; whether it is still there can't be seen from here: if it is not, remove '${join(lock, holder)}'`,
    )
  }
}

const notEmpty = ['ENOTEMPTY', 'EEXIST']

/** False if somebody else has been there before. Windows answers `EPERM`, also for an empty folder. */
async function succeeds(renamed: Promise<void>): Promise<boolean> {
  try {
    await renamed
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'EPERM', ...notEmpty)) return false
    throw error
  }
}

async function ignoring(codes: readonly string[], work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!hasCode(error, ...codes)) throw error
  }
}
