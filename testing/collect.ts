import type { Observable } from 'rxjs'
import { run, type RunOptions } from '../lib/run.ts'

/** Options of `collect`. */
export type CollectOptions = RunOptions

/**
 * Runs a pipeline to its end and gives everything that came out, in order: the values of a plain observable, the elements of a
 * stream.
 *
 * @throws what ended the job, if it did not end by itself
 * @example
 * ```ts
 * import { values } from 'tidemark/operators'
 * import { collect } from 'tidemark/testing'
 *
 * expect(await collect(perHour.pipe(values()))).toEqual([3, 2])
 * ```
 */
export async function collect<T>(observable: Observable<T>, options: CollectOptions = {}): Promise<T[]> {
  const values: T[] = []
  await run(
    observable,
    {
      name: 'collect',
      write(batch) {
        for (const value of batch) values.push(value)
      },
    },
    options,
  ).done
  return values
}
