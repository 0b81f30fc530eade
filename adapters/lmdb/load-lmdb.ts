import type * as Lmdb from 'lmdb'
import { TidemarkError } from '../../lib/errors.ts'

/** Loaded when a store is opened, so that nobody else needs the package. */
export async function loadLmdb(): Promise<typeof Lmdb> {
  try {
    return await import('lmdb')
  } catch (error) {
    throw new TidemarkError(
      'checkpoint',
      "lmdbStore: expected the package 'lmdb' 3.5 to be installed, which it needs: npm install lmdb@3.5",
      { cause: error },
    )
  }
}
