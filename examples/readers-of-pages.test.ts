import { expect, test } from 'vitest'
import { realClock } from 'tidemark'
import { memoryCluster } from 'tidemark/adapters/kafka'
import { pageViews } from './data/page-views.ts'
import { type Readers, readersOfPages, type View } from './readers-of-pages.ts'

const hour = 3_600_000

/** The readers of each page in each hour that is over when the last view has come. */
function batch(views: readonly View[]): readonly string[] {
  const end = Math.max(...views.map(({ time }) => time)) - 2 * 60_000
  const users = new Map<string, Set<string>>()
  for (const { user, page, time } of views) {
    const start = Math.floor(time / hour) * hour
    if (start + hour > end) continue
    const name = `${start} ${page}`
    users.set(name, (users.get(name) ?? new Set()).add(user))
  }
  return [...users].map(([name, all]) => `${name} ${all.size}`).toSorted()
}

test.each([1, 2, 3])(
  'views by reader are counted by page, also by processes that come and go: seed %i',
  async (seed) => {
    const cluster = memoryCluster({ clock: realClock, seed })
    cluster.topic('views', 4)
    cluster.topic('readers-of-pages', 4)
    const start = (clientId: string): ReturnType<typeof readersOfPages> =>
      readersOfPages({ brokers: ['memory:9092'], driver: cluster.driver, clientId })
    const views = pageViews({ seed, arrival: seed })
    const write = (some: readonly View[]): void => {
      cluster.produce(
        some.map((view) => ({
          topic: 'views',
          partition: Number(view.user.slice('reader-'.length)) % 4,
          key: Buffer.from(view.user),
          value: Buffer.from(JSON.stringify(view)),
        })),
      )
    }
    const results = (): readonly Readers[] =>
      cluster.records('readers-of-pages').map(({ value }) => JSON.parse(String(value)) as Readers)
    const [first, second] = [start('first'), start('second')]
    write(views.slice(0, 250))
    await expect.poll(() => results().length, { timeout: 30_000 }).toBeGreaterThan(3)
    await first.stop()
    write(views.slice(250))
    const expected = batch(views)
    await expect.poll(() => results().length, { timeout: 30_000 }).toBe(expected.length)
    await second.stop()
    expect(
      results()
        .map(({ window, key, value }) => `${window.start} ${key} ${value}`)
        .toSorted(),
    ).toEqual(expected)
  },
)
