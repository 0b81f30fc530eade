import type { View } from '../readers-of-pages.ts'
import { arriving } from './arriving.ts'
import { seeded, type Seeds } from './random.ts'

const minute = 60_000
const hour = 60 * minute
const start = Date.UTC(2026, 9, 5, 8)
const pages = ['/', '/prices', '/docs', '/docs/kafka', '/about']

/** What readers of a site look at in four hours, up to two minutes out of order. */
export function pageViews({ seed = 1, arrival = 1 }: Seeds = {}): readonly View[] {
  const random = seeded(seed)
  const views = Array.from({ length: 400 }, (): View => {
    const page = pages[random.below(pages.length)] ?? '/'
    return { user: `reader-${random.below(40)}`, page, time: start + random.below(4 * hour) }
  })
  const way = seeded(arrival)
  return arriving(
    views.toSorted((a, b) => a.time - b.time),
    () => way.below(2 * minute),
  )
}
