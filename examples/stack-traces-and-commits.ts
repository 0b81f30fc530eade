// Something crashed: who changed a file of its stack trace in the two weeks before, and should know?
//
//     node examples/stack-traces-and-commits.ts
import { boundedOutOfOrderness, collect, run, tumbling } from 'tidemark'
import { fromIterable } from 'tidemark/adapters/iterable'
import { text } from 'tidemark/adapters/stdio'
import { assignTimestamps, flatMap, intervalJoin, keyBy, map, values, window } from 'tidemark/operators'
import { filter, type Observable, take } from 'rxjs'
import { stackTracesAndCommits } from './data/stack-traces-and-commits.ts'

export interface Trace {
  readonly id: string
  readonly time: number
  readonly error: string
  /** From the innermost call out; a file may be there several times. */
  readonly files: readonly string[]
}

export interface Commit {
  readonly id: string
  readonly time: number
  readonly author: string
  readonly files: readonly string[]
}

/** A letter to one author about one trace. */
export interface Notice {
  readonly to: string
  readonly trace: Trace
  /** The author's commits, each with a file of the trace that it changed, as texts in order. */
  readonly changes: readonly string[]
}

export function noticesOf(traces: Observable<Trace>, commits: Observable<Commit>): Observable<Notice> {
  const changes = commits.pipe(
    assignTimestamps((commit) => commit.time, boundedOutOfOrderness('10m')),
    flatMap((commit) => commit.files.map((file) => ({ commit, file }))),
    keyBy(({ file }) => file),
  )
  return traces.pipe(
    assignTimestamps((trace) => trace.time, boundedOutOfOrderness('10m')),
    flatMap((trace) => [...new Set(trace.files)].map((file) => ({ trace, file }))),
    keyBy(({ file }) => file),
    intervalJoin(changes, '-14d', 0),
    map(({ left: { trace, file }, right: { commit } }) => ({
      trace,
      to: commit.author,
      change: `${commit.id} ${file}`,
    })),
    // Now together again by trace. A pair has the later time of its two, here that of the trace; so whatever the size of the
    // windows, all pairs of a trace are in one, and nobody gets two letters about one crash.
    keyBy(({ trace }) => trace.id),
    window(tumbling('1m'), collect()),
    flatMap(byAuthor),
    values(),
  )
}

function byAuthor(pairs: readonly { trace: Trace; to: string; change: string }[]): Iterable<Notice> {
  const notices = new Map<string, Notice>()
  for (const { trace, to, change } of pairs) {
    const known = notices.get(to)?.changes ?? []
    notices.set(to, { to, trace, changes: [...known, change].sort() })
  }
  return notices.values()
}

if (process.argv[1] === import.meta.filename) {
  const { traces, commits } = stackTracesAndCommits()
  const letter = ({ trace, changes }: Notice): string =>
    [`${new Date(trace.time).toISOString()} ${trace.error}`, ...changes].join('\n  ')
  const notices = noticesOf(fromIterable(traces), fromIterable(commits))
  await run(
    notices.pipe(
      filter(({ to }) => to === 'ada'),
      take(6),
    ),
    text(process.stdout, letter),
  ).done
}
