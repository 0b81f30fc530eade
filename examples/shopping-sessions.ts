// What did each visitor of a shop do in one go, as a sequence of symbols for those who look for patterns in such?
//
//     node examples/shopping-sessions.ts
import { boundedOutOfOrderness, collect, type Event, route, run, session, type SideOutput, sideOutput } from 'tidemark'
import { fromIterable } from 'tidemark/adapters/iterable'
import { text } from 'tidemark/adapters/stdio'
import { assignTimestamps, keyBy, type Pane, panes, values, window } from 'tidemark/operators'
import { filter, type Observable } from 'rxjs'
import { type Action, type ShopEvent, shopEvents } from './data/shop.ts'

const symbols: Readonly<Record<Action, number>> = { view: 1, detail: 2, add: 3, remove: 4, purchase: 5, click: 6 }

/** What came when the session it belongs to had been given out. */
export const lateEvents: SideOutput<Event<ShopEvent, string>> = sideOutput('late shop events')

/** The symbols of each session in the order of time, with its window and shopper. */
export function sessionsOf(events: Observable<ShopEvent>): Observable<Pane<number[], string>> {
  return events.pipe(
    assignTimestamps((event) => event.time, boundedOutOfOrderness('5m')),
    keyBy((event) => event.shopper),
    // A session is over when its shopper has done nothing for half an hour.
    window(
      session('30m'),
      collect((event) => symbols[event.action]),
      { late: lateEvents },
    ),
    panes(),
  )
}

if (process.argv[1] === import.meta.filename) {
  const sessions = sessionsOf(fromIterable(shopEvents()))
  await run([
    route(
      sessions.pipe(filter(({ value }) => value.includes(symbols.remove) && value.includes(symbols.purchase))),
      text(
        process.stdout,
        ({ key, window, value }) => `${new Date(window.start).toISOString()} ${key}: ${value.join(' ')}`,
      ),
    ),
    route(
      lateEvents.pipe(values()),
      text(
        process.stdout,
        ({ time, shopper, action }) => `${new Date(time).toISOString()} ${shopper}: ${action}, too late`,
      ),
    ),
  ]).done
}
