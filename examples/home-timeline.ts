// What does each reader see at this moment: the latest posts of those they follow?
//
//     node examples/home-timeline.ts
import { boundedOutOfOrderness, collect, type Diff, run, type Stream, topK } from 'tidemark'
import { fromIterable } from 'tidemark/adapters/iterable'
import { aggregate, assignTimestamps, keyBy, map, materialize, tableJoin, toTable } from 'tidemark/operators'
import type { Observable } from 'rxjs'
import { followsAndPosts } from './data/home-timeline.ts'

export interface Follow {
  readonly op: 'follow' | 'unfollow'
  readonly time: number
  readonly reader: string
  readonly author: string
}

export interface Post {
  readonly id: string
  readonly time: number
  readonly author: string
  readonly text: string
}

/** How many posts a timeline has. */
const length = 10

/** The timeline of each reader, the latest post first, and each change of it. */
export function timelines(
  follows: Observable<Follow>,
  posts: Observable<Post>,
): Stream<readonly Post[], string, undefined, Diff> {
  // A table of the latest posts of each author. Nobody ever sees an older one, so no more are held.
  const byAuthor = posts.pipe(
    assignTimestamps((post) => post.time, boundedOutOfOrderness('1m')),
    keyBy((post) => post.author),
    aggregate(
      topK(length, (post) => post.time),
      { keep: 'forever' },
    ),
  )
  // A table of who follows whom. A follow that comes after its unfollow must not undo that.
  const following = follows.pipe(
    assignTimestamps((follow) => follow.time, boundedOutOfOrderness('1m')),
    keyBy(({ reader, author }) => `${reader} ${author}`),
    toTable({ isDelete: ({ op }) => op === 'unfollow', outOfOrder: 'ignore' }),
  )
  // Their join has a row for each reader and author. It changes with either table, and the timeline with it: what leaves a row is
  // taken back from the list below, what comes is added.
  return following.pipe(
    tableJoin(byAuthor, { on: ({ author }) => author }),
    keyBy(({ left: { reader } }) => reader),
    aggregate(
      collect(({ right: latest }) => latest),
      { keep: 'forever' },
    ),
    map((lists) => lists.flat().sort(latestFirst).slice(0, length)),
  )
}

function latestFirst(a: Post, b: Post): number {
  return b.time - a.time || (a.id < b.id ? -1 : 1)
}

if (process.argv[1] === import.meta.filename) {
  const { follows, posts } = followsAndPosts()
  // A view can be looked into at any time while the job runs; here it is at the end.
  const view = materialize<readonly Post[], string>()
  await run(timelines(fromIterable(follows), fromIterable(posts)), view).done
  for (const { time, author, text } of view.get('ada') ?? [])
    process.stdout.write(`${new Date(time).toISOString()} ${author}: ${text}\n`)
}
