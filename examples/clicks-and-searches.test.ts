import { expect, test } from 'vitest'
import { fromIterable } from 'tidemark/adapters/iterable'
import { values } from 'tidemark/operators'
import { type Answer, answersOf, type Click, lateClicks, type Search } from './clicks-and-searches.ts'
import { clicksAndSearches } from './data/clicks-and-searches.ts'
import { behind } from './fixtures/behind.ts'
import { runs } from './fixtures/runs.ts'
import { sorted } from './fixtures/sorted.ts'
import { together } from './fixtures/together.ts'

const hour = 3_600_000

/** Every search against every click. */
function batch(searches: readonly Search[], clicks: readonly Click[]): readonly Answer[] {
  const answers: Answer[] = []
  for (const search of searches) {
    const own = clicks.filter(
      (click) => click.search === search.id && click.time >= search.time && click.time <= search.time + hour,
    )
    for (const click of own) answers.push({ search, click })
    if (own.length === 0) answers.push({ search, click: undefined })
  }
  return answers
}

test.each(runs)(
  'every search with its clicks, or alone: $seed, $arrival, $chunkSize',
  async ({ chunkSize, ...seeds }) => {
    const { searches, clicks } = clicksAndSearches(seeds)
    const [answers, late] = await together(
      answersOf(fromIterable(searches, { chunkSize }), fromIterable(clicks, { chunkSize })),
      lateClicks.pipe(values()),
    )
    const expected = behind(clicks, 5 * 60_000)
    expect(late).toEqual(expected.late)
    expect(late).toHaveLength(5)
    expect(sorted(answers)).toEqual(sorted(batch(searches, expected.onTime)))
  },
)

test('the data has clicks at the very end of the hour, just behind it, and just before its search', () => {
  const { searches, clicks } = clicksAndSearches()
  const after = clicks.map(({ search, time }) => time - (searches.find(({ id }) => id === search)?.time ?? 0))
  expect(after).toEqual(expect.arrayContaining([-1, hour, hour + 1]))
})
