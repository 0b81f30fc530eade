// Which searches led to a click within an hour, and which were never clicked?
//
//     node examples/clicks-and-searches.ts
import { boundedOutOfOrderness, type Event, route, run, type SideOutput, sideOutput } from 'tidemark'
import { fromIterable } from 'tidemark/adapters/iterable'
import { text } from 'tidemark/adapters/stdio'
import { assignTimestamps, intervalJoin, keyBy, map, values } from 'tidemark/operators'
import { filter, type Observable } from 'rxjs'
import { clicksAndSearches } from './data/clicks-and-searches.ts'

export interface Search {
  readonly id: string
  readonly time: number
  readonly query: string
}

export interface Click {
  readonly search: string
  readonly time: number
  readonly url: string
}

/** One for each click; for a search that was never clicked, one without. */
export interface Answer {
  readonly search: Search
  readonly click: Click | undefined
}

/** Clicks that a phone reported when their searches had been given up. */
export const lateClicks: SideOutput<Event<Click, string>> = sideOutput('late clicks')

export function answersOf(searches: Observable<Search>, clicks: Observable<Click>): Observable<Answer> {
  const bySearch = clicks.pipe(
    assignTimestamps((click) => click.time, boundedOutOfOrderness('5m')),
    keyBy((click) => click.search),
  )
  return searches.pipe(
    assignTimestamps((search) => search.time, boundedOutOfOrderness('5m')),
    keyBy((search) => search.id),
    // `left` keeps the searches without a click. One of 9:00 is given out when no click of 10:00 can come any more: when the
    // watermarks of both logs have passed 10:00.
    intervalJoin(bySearch, 0, '1h', { kind: 'left', lateRight: lateClicks }),
    map(({ left: search, right: click }) => ({ search, click })),
    values(),
  )
}

if (process.argv[1] === import.meta.filename) {
  const { searches, clicks } = clicksAndSearches()
  const answers = answersOf(fromIterable(searches), fromIterable(clicks))
  const found = ({ search, click }: Answer): string =>
    click === undefined ? 'never clicked' : `${click.url} after ${Math.round((click.time - search.time) / 1_000)} s`
  await run([
    route(
      answers.pipe(filter(({ search }) => search.query === 'tent')),
      text(process.stdout, (answer) => `${new Date(answer.search.time).toISOString()} tent: ${found(answer)}`),
    ),
    route(
      lateClicks.pipe(values()),
      text(process.stdout, ({ time, url }) => `${new Date(time).toISOString()} too late: ${url}`),
    ),
  ]).done
}
