import { Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { run } from 'tidemark'
import { fromIterable } from 'tidemark/adapters/iterable'
import { materialize } from 'tidemark/operators'
import { followsAndPosts } from './data/home-timeline.ts'
import { runs } from './fixtures/runs.ts'
import { type Follow, type Post, timelines } from './home-timeline.ts'

type Timelines = Readonly<Record<string, readonly string[]>>

/** The ten latest posts of those whom a reader followed last, of what is there so far. */
function batch(follows: readonly Follow[], posts: readonly Post[]): Timelines {
  const last = new Map<string, Follow>()
  for (const follow of follows.toSorted((a, b) => a.time - b.time))
    last.set(`${follow.reader}>${follow.author}`, follow)
  const expected: Record<string, string[]> = {}
  for (const post of posts.toSorted((a, b) => b.time - a.time))
    for (const { op, reader, author } of last.values())
      if (op === 'follow' && author === post.author) (expected[reader] ??= []).push(post.id)
  return Object.fromEntries(Object.entries(expected).map(([reader, all]) => [reader, all.slice(0, 10)]))
}

const shown = (view: Iterable<[string, readonly Post[]]>): Timelines =>
  Object.fromEntries([...view].map(([reader, posts]) => [reader, posts.map(({ id }) => id)]))

describe.each(runs)('seed $seed, arrival $arrival', ({ chunkSize, ...seeds }) => {
  const { follows, posts } = followsAndPosts(seeds)

  test('the timelines at the end', async () => {
    const view = materialize<readonly Post[], string>()
    await run(timelines(fromIterable(follows, { chunkSize }), fromIterable(posts, { chunkSize })), view).done
    expect(shown(view.entries())).toEqual(batch(follows, posts))
  })

  test('the timelines at any moment', async () => {
    const [followed, posted] = [new Subject<Follow>(), new Subject<Post>()]
    const view = materialize<readonly Post[], string>()
    const job = run(timelines(followed, posted), view)
    for (let n = 0; n < Math.max(follows.length, posts.length); n++) {
      follows.slice(n, n + 1).forEach((follow) => followed.next(follow))
      posts.slice(n, n + 1).forEach((post) => posted.next(post))
      // What has been pushed has been processed, and is written in the next turn.
      await new Promise((resolve) => setImmediate(resolve))
      expect(shown(view.entries())).toEqual(batch(follows.slice(0, n + 1), posts.slice(0, n + 1)))
    }
    await job.stop()
  })
})

test('some unfollow comes before its follow', () => {
  const { follows } = followsAndPosts()
  const isAhead = ({ op, reader, author, time }: Follow, i: number): boolean =>
    op === 'unfollow' &&
    follows.slice(i).some((later) => later.reader === reader && later.author === author && later.time < time)
  expect(follows.filter(isAhead).length).toBeGreaterThan(0)
})
