import type { Click, Search } from '../clicks-and-searches.ts'
import { arriving } from './arriving.ts'
import { seeded, type Seeds } from './random.ts'

const start = Date.UTC(2026, 2, 2, 8)
const minute = 60_000
const hour = 60 * minute
const words = 'tent,rain jacket,head lamp,gas stove,hiking boots,sleeping bag,trail map,rope,rucksack,compass'.split(
  ',',
)

/**
 * The searches of a morning, and the clicks on what they found. Both logs are up to five minutes out of order, and a few clicks
 * come two hours late, from phones that were offline.
 */
export function clicksAndSearches({ seed = 1, arrival = 1 }: Seeds = {}): {
  readonly searches: readonly Search[]
  readonly clicks: readonly Click[]
} {
  const random = seeded(seed)
  const searches: Search[] = []
  const clicks: Click[] = []
  const offline = new Set<Click>()
  for (let i = 0; i < 200; i++) {
    const search = { id: `s${i}`, time: start + random.below(4 * hour), query: random.pick(words) }
    searches.push(search)
    const click = (after: number): Click => {
      const made = { search: search.id, time: search.time + after, url: `/items/${random.below(900) + 100}` }
      clicks.push(made)
      return made
    }
    // Half of the searches are clicked at once, some of them again; some only after an hour and more, which is too long.
    if (random.next() < 0.5) click(1_000 + random.below(5 * minute))
    if (random.next() < 0.2) click(random.below(90 * minute))
    if (i % 40 === 7) offline.add(click(30 * minute))
    if (i % 40 === 8) click(hour)
    if (i % 40 === 9) click(hour + 1)
    // The clocks of two servers differ a little. A click in front of its search is none of it.
    if (i % 40 === 10) click(-1)
  }
  // From a bookmark: nobody knows the search.
  clicks.push({ search: 'bookmark', time: start + hour, url: '/items/1' })

  const way = seeded(arrival)
  const delay = (): number => way.below(5 * minute)
  return {
    searches: arriving(searches, delay),
    clicks: arriving(clicks, (click) => (offline.has(click) ? 2 * hour : delay())),
  }
}
