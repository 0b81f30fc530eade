import type { Follow, Post } from '../home-timeline.ts'
import { arriving } from './arriving.ts'
import { seeded, type Seeds } from './random.ts'

const minute = 60_000
const start = Date.UTC(2026, 4, 9, 8)
const people = ['ada', 'barbara', 'donald', 'edsger', 'frances', 'grace', 'john', 'niklaus', 'radia', 'tony']
const texts = ['It compiles.', 'It runs!', 'Who broke the build?', 'Never mind.', 'Off by one.', 'Coffee?', 'A proof!']

/** Twenty minutes of people who follow and unfollow each other and post. Both are up to a minute out of order. */
export function followsAndPosts({ seed = 1, arrival = 1 }: Seeds = {}): {
  readonly follows: readonly Follow[]
  readonly posts: readonly Post[]
} {
  const random = seeded(seed)
  const time = (): number => start + random.below(20 * minute)
  const follows: Follow[] = []
  for (const reader of people) {
    for (const author of people) {
      if (author === reader || random.next() < 0.4) continue
      const followed = time()
      follows.push({ op: 'follow', time: followed, reader, author })
      // Some think better of it, a few at once, and some of them think better again.
      if (random.next() < 0.6) continue
      const unfollowed = followed + 1 + random.below(random.next() < 0.5 ? minute / 2 : 5 * minute)
      follows.push({ op: 'unfollow', time: unfollowed, reader, author })
      if (random.next() < 0.3)
        follows.push({ op: 'follow', time: unfollowed + 1 + random.below(minute), reader, author })
    }
  }
  const posts = Array.from({ length: 150 }, (_, i) => {
    // Some post more often than others; Tony hardly ever.
    const author = String(people[Math.floor((people.length - 1) * random.next() ** 2)])
    return { id: `p${i}`, time: time(), author, text: random.pick(texts) }
  })
  // Who follows somebody that seldom posts sees posts of long ago.
  follows.push({ op: 'follow', time: start + minute, reader: 'zoe', author: 'tony' })
  for (const [i, ago] of [120, -10].entries())
    posts.push({ id: `tony-${i}`, time: start - ago * minute, author: 'tony', text: 'Still here.' })

  const way = seeded(arrival)
  const delay = (): number => way.below(minute)
  return { follows: arriving(follows, delay), posts: arriving(posts, delay) }
}
