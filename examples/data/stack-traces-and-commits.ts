import type { Commit, Trace } from '../stack-traces-and-commits.ts'
import { arriving } from './arriving.ts'
import { seeded, type Seeds } from './random.ts'

const minute = 60_000
const day = 24 * 60 * minute
const start = Date.UTC(2026, 1, 1)
const files = ['app', 'cart', 'checkout', 'currency', 'login', 'mail', 'orders', 'prices', 'search', 'session'].map(
  (name) => `src/${name}.ts`,
)
const authors = ['ada', 'barbara', 'edsger', 'grace', 'niklaus']
const errors = ['undefined is not a function', 'deadlock detected', 'out of memory', 'invalid date', 'no such order']

/** The commits of six weeks and the crashes meanwhile, many of them around a release. Both are up to ten minutes out of order. */
export function stackTracesAndCommits({ seed = 1, arrival = 1 }: Seeds = {}): {
  readonly traces: readonly Trace[]
  readonly commits: readonly Commit[]
} {
  const random = seeded(seed)
  // Some files are touched far more often than others.
  const file = (): string => String(files[Math.floor(files.length * random.next() ** 2)])
  const some = (n: number): readonly string[] => Array.from({ length: n }, file)
  // Each third of both is on the day of a release, in one hour.
  const moment = (i: number): number =>
    i % 3 === 0 ? start + 30 * day + random.below(60 * minute) : start + random.below(42 * day)
  const commits = Array.from({ length: 80 }, (_, i) => ({
    id: `c${i}`,
    time: moment(i),
    author: random.pick(authors),
    files: [...new Set(some(1 + random.below(3)))],
  }))
  const traces = Array.from({ length: 40 }, (_, i) => {
    // One crash is two weeks after a commit to the millisecond, another one a millisecond more.
    const commit = i < 2 ? commits[i] : undefined
    return {
      id: `t${i}`,
      time: commit === undefined ? moment(i) : commit.time + 14 * day + i,
      error: random.pick(errors),
      files: [...(commit?.files ?? []), ...some(2 + random.below(4))],
    }
  })
  const way = seeded(arrival)
  const delay = (): number => way.below(10 * minute)
  return { traces: arriving(traces, delay), commits: arriving(commits, delay) }
}
