import { messageOf, TidemarkError } from '../errors.ts'

/** Does a part of a store's work; what fails of it is an error that says whose work it was. */
export async function orFail<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof TidemarkError) throw error
    throw new TidemarkError('checkpoint', `${what}: ${messageOf(error)}`, { cause: error })
  }
}
