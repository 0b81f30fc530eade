import { expect, test } from 'vitest'
import { fromIterable } from 'tidemark/adapters/iterable'
import { stackTracesAndCommits } from './data/stack-traces-and-commits.ts'
import { runs } from './fixtures/runs.ts'
import { sorted } from './fixtures/sorted.ts'
import { together } from './fixtures/together.ts'
import { type Commit, type Notice, noticesOf, type Trace } from './stack-traces-and-commits.ts'

const twoWeeks = 14 * 24 * 3_600_000

/** Each trace with each author who has a commit of two weeks that shares a file with it. */
function batch(traces: readonly Trace[], commits: readonly Commit[]): readonly Notice[] {
  const notices: Notice[] = []
  for (const trace of traces) {
    const recent = commits.filter(({ time }) => time <= trace.time && trace.time - time <= twoWeeks)
    for (const to of new Set(recent.map(({ author }) => author))) {
      const changes = recent
        .filter(({ author }) => author === to)
        .flatMap(({ id, files }) => files.filter((file) => trace.files.includes(file)).map((file) => `${id} ${file}`))
      if (changes.length > 0) notices.push({ to, trace, changes: changes.sort() })
    }
  }
  return notices
}

test.each(runs)(
  'one letter for each author and trace: $seed, $arrival, $chunkSize',
  async ({ chunkSize, ...seeds }) => {
    const { traces, commits } = stackTracesAndCommits(seeds)
    const [notices] = await together(
      noticesOf(fromIterable(traces, { chunkSize }), fromIterable(commits, { chunkSize })),
    )
    const expected = batch(traces, commits)
    expect(expected.length).toBeGreaterThan(50)
    expect(sorted(notices)).toEqual(sorted(expected))
    // In the order in which the crashes happened, to the minute.
    const minutes = notices.map(({ trace }) => Math.floor(trace.time / 60_000))
    expect(minutes).toEqual(minutes.toSorted((a, b) => a - b))
  },
)
