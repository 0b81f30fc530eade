import { isEvent } from '../final-result.ts'
import type { Law } from '../law.ts'
import { agree } from '../refutation.ts'

/**
 * What comes out for a key is the same when the events of all other keys are left out, under the same watermarks.
 *
 * When to use it: for everything behind a `keyBy`; it is what allows to spread keys over processes.
 *
 * @param keyOf the key that the pipeline gives a value
 */
export function keyIndependent<T>(keyOf: (value: T) => unknown): Law<T> {
  return {
    name: 'keyIndependent',
    why: 'A pipeline that breaks it mixes up its keys, and gives another answer when they are spread over partitions.',
    needs: 'results that have the key of the events they come from',
    async check(tried) {
      const { elements } = await tried.calm()
      for (const key of new Set(tried.case.events.map(({ value }) => keyOf(value)))) {
        const alone = await tried.run({ only: (value) => Object.is(keyOf(value), key) })
        const ofKey = (element: unknown): boolean => isEvent(element) && Object.is(element.key, key)
        agree(`what the events of key ${String(key)} give alone`, elements.filter(ofKey), alone.elements.filter(ofKey))
      }
    },
  }
}
