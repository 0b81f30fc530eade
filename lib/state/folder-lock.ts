import { join } from 'node:path'
import { TidemarkError } from '../errors.ts'
import { type Files, hasCode } from './files.ts'
import type { Owner } from './owner.ts'

/** A folder that is this process's. */
export interface FolderLock {
  /** @throws TidemarkError `checkpoint` if another process has taken it over */
  verify(): Promise<void>
  release(): Promise<void>
}

/**
 * Takes a folder for this process alone.
 *
 * The lock is a folder `lock` with one file in it, whose name says who has it. It is made aside and renamed into place, which
 * succeeds for one of many at a time, and only where there is none or an empty one; so there is no moment at which it does not
 * say whose it is. The lock of a process that is gone is emptied by that name, which can't hit the lock of anybody else.
 *
 * @param who for errors
 * @param takeOver also from a process of which can't be seen whether it is gone
 * @throws TidemarkError `checkpoint` if another process has it, or may have it
 */
export async function lockFolder(
  folder: string,
  files: Files,
  owner: Owner,
  who: string,
  takeOver: boolean = false,
): Promise<FolderLock> {
  const lock = join(folder, 'lock')
  const aside = join(folder, `lock.${owner.id}`)
  try {
    for (;;) {
      await files.makeFolder(aside)
      await ignoring(['EEXIST'], async () => (await files.open(join(aside, owner.id), 'create')).close())
      if (await succeeds(files.rename(aside, lock))) break
      for (const holder of await holders()) {
        const holding = owner.lookUp(holder)
        if (holding === 'alive' || (holding === 'unknown' && !takeOver)) throw held(holder, holding)
        await ignoring(['ENOENT'], () => files.remove(join(lock, holder)))
      }
      await ignoring(['ENOENT', ...notEmpty], () => files.removeFolder(lock))
    }
  } catch (error) {
    await emptied(aside)
    throw error
  }
  return {
    async verify() {
      const now = await holders()
      if (!now.includes(owner.id)) throw lost(now)
    },
    release: () => emptied(lock),
  }

  async function holders(): Promise<readonly string[]> {
    let names: readonly string[] = []
    await ignoring(['ENOENT'], async () => (names = await files.list(lock)))
    return names
  }

  async function emptied(path: string): Promise<void> {
    await ignoring(['ENOENT'], () => files.remove(join(path, owner.id)))
    // Nor empty, if another process has taken it over.
    await ignoring(['ENOENT', ...notEmpty], () => files.removeFolder(path))
  }

  function lost([holder]: readonly string[]): TidemarkError {
    const by = holder === undefined ? '' : `, which ${owner.describe(holder)} has taken over`
    return new TidemarkError('checkpoint', `${who}: expected to have '${folder}' still, got one without its lock${by}`)
  }

  function held(holder: string, holding: 'alive' | 'unknown'): TidemarkError {
    const name = owner.describe(holder)
    return new TidemarkError(
      'checkpoint',
      holder === owner.id
        ? `${who}: expected a folder that nobody uses, got '${folder}', which this process has open`
        : holding === 'alive'
          ? `${who}: expected a folder that nobody uses, got '${folder}', which ${name} has open`
          : `${who}: expected a folder that nobody uses, got '${folder}', which ${name} had open; whether it is still there can't be seen from here: if it is not, remove '${join(lock, holder)}'; where whatever starts the job sees to it that there is one at a time, set the option 'takeOver'`,
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
