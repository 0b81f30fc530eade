// The diagrams of the page run as they are drawn: diagrams.test.ts sees to that. Everything else on it follows from them.
import { expect, test } from 'vitest'
import { parseMarbles } from '../testing/index.ts'
import { diagrams } from './fixtures/drawing.ts'
import { tablesOf } from './fixtures/tables.ts'
import { teamScoresChart } from './fixtures/team-scores-chart.ts'
import { runOf, type Score } from './fixtures/team-scores-run.ts'

const minute = 60_000
const page = 'docs/team-scores.md'
const runs = diagrams.filter(({ at }) => at.startsWith(page)).map(({ text }) => runOf(parseMarbles(text)))
const [batch, byWindow, perfect, heuristic, refined, modes, sessions] = runs
const [scoreRows = [], modeRows = []] = tablesOf(page)
const scores: readonly Score[] = refined?.scores ?? []

const total = (some: readonly { readonly points: number }[]): number =>
  some.reduce((sum, { points }) => sum + points, 0)

/** The sums of a run's final panes, by the start of their windows. */
const sums = (all: Readonly<Record<number, readonly Score[]>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(all).map(([start, some]) => [start, total(some)]))

const right = sums(group(scores, ({ scoredAt }) => Math.floor(scoredAt / (2 * minute)) * 2 * minute))

test('there are nine scores, in the table and in each diagram', () => {
  expect(runs).toHaveLength(7)
  expect(
    scoreRows.map((row) => [Number(row['score']), ofDay(row['event time']), ofDay(row['processing time'])]),
  ).toEqual(scores.map(({ points, scoredAt, seenAt }) => [points, scoredAt, seenAt]))
  expect(scores.map(({ seenAt }) => seenAt)).toEqual(scores.map(({ seenAt }) => seenAt).sort((a, b) => a - b))
  for (const run of runs) {
    expect(run.scores.map(({ points, scoredAt }) => [points, scoredAt])).toEqual(
      scores.map(({ points, scoredAt }) => [points, scoredAt]),
    )
  }
})

test('a batch gives the sums that are right', () => {
  expect(batch?.panes['out']?.map(({ what }) => what.value)).toEqual([total(scores)])
  expect(latest(byWindow?.panes['out'])).toEqual(right)
})

test('the perfect watermark is the earliest event time still to come', () => {
  const toCome = scores.map((_, i) => Math.min(...scores.slice(i + 1).map(({ scoredAt }) => scoredAt)))
  const rising = [...new Set(toCome)].filter((time) => time < Infinity)
  expect(perfect?.watermarks.map(({ what }) => what)).toEqual(rising)
  expect(latest(perfect?.panes['out'])).toEqual(right)
})

test('the heuristic watermark, and what it takes for late, are the same in all runs', () => {
  const watermarks = heuristic?.watermarks.map(({ what }) => what)
  for (const run of [refined, modes, sessions]) expect(run?.watermarks.map(({ what }) => what)).toEqual(watermarks)
  expect(modes?.watermarks).toEqual(refined?.watermarks)
  expect(latest(heuristic?.panes['out'])).toEqual({ ...right, [720 * minute]: 5 })
})

test('every mode comes to the right sums', () => {
  expect(latest(refined?.panes['out'])).toEqual(right)
  expect(added(modes?.panes['discarding'])).toEqual(right)
  expect(added(modes?.panes['retracting'])).toEqual(right)
})

test('the table of the modes', () => {
  const start = 726 * minute
  const ofWindow = (panes: Panes): Panes => panes?.filter(({ what }) => what.window.start === start)
  const columns = {
    discarding: ofWindow(modes?.panes['discarding']),
    accumulating: ofWindow(refined?.panes['out']),
    retracting: ofWindow(modes?.panes['retracting']),
  }
  const times = [...new Set(columns.accumulating?.map(({ at }) => at))]
  const rowOf = (pane: string, cell: (panes: Panes) => string): unknown => ({
    pane,
    discarding: cell(columns.discarding),
    accumulating: cell(columns.accumulating),
    retracting: cell(columns.retracting),
  })
  const signed = ({ what }: NonNullable<Panes>[number]): string => String(Number(what.value) * what.diff)
  expect(modeRows).toEqual([
    ...times.map((time, i) =>
      rowOf(
        `${timeOfDay(time)}${i === 0 ? ' ?' : ''}`,
        (panes) =>
          panes
            ?.filter(({ at }) => at === time)
            .map(signed)
            .join(', ') ?? '',
      ),
    ),
    rowOf('the last', (panes) => String(latest(panes)[start])),
    rowOf('all added', (panes) => String(added(panes)[start])),
  ])
})

test('sessions are what is left when the scores are split at the gaps', () => {
  const byTime = [...scores].sort((a, b) => a.scoredAt - b.scoredAt)
  let start = -Infinity
  let last = -Infinity
  const split = group(byTime, ({ scoredAt }) => {
    if (scoredAt - last >= 61_000) start = scoredAt
    last = scoredAt
    return start
  })
  expect(added(sessions?.panes['out'])).toEqual(sums(split))
})

test('the chart shows the run with triggers', async () => {
  // `npx vitest run docs/team-scores.test.ts -u` draws it anew.
  await expect(
    teamScoresChart(refined ?? runOf({ times: { event: 'ms', processing: 'ms' }, inputs: [], outputs: [] }), 'out'),
  ).toMatchFileSnapshot('team-scores.svg')
})

type Panes = NonNullable<typeof refined>['panes'][string] | undefined

/** The last value of each window that has not been taken back. */
function latest(panes: Panes): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    (panes ?? []).filter(({ what }) => what.diff === 1).map(({ what }) => [what.window.start, what.value]),
  )
}

/** What the values of each window add up to; windows of which nothing is left are left out. */
function added(panes: Panes): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {}
  for (const { what } of panes ?? []) {
    const { window, value, diff } = what
    sums[window.start] = (sums[window.start] ?? 0) + Number(value) * diff
  }
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum !== 0))
}

function group<T>(all: readonly T[], keyOf: (one: T) => number): Readonly<Record<number, readonly T[]>> {
  const groups: Record<number, T[]> = {}
  for (const one of all) (groups[keyOf(one)] ??= []).push(one)
  return groups
}

function ofDay(text = ''): number {
  const [hours = 0, minutes = 0, seconds = 0] = text.split(':').map(Number)
  return (hours * 60 + minutes) * minute + seconds * 1_000
}

function timeOfDay(time: number): string {
  return new Date(time).toISOString().slice(11, 19)
}
