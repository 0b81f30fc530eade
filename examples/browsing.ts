// How busy was the shop in the past hour, which products are looked at most, and how many carts are bought?
//
//     node examples/browsing.ts
import { avg, boundedOutOfOrderness, count, hopping, route, type Route, run, sum, topK, tumbling } from 'tidemark'
import { fromIterable } from 'tidemark/adapters/iterable'
import { text } from 'tidemark/adapters/stdio'
import { assignTimestamps, filter, keyBy, map, type Pane, panes, window } from 'tidemark/operators'
import { filter as rxFilter, type Observable, share } from 'rxjs'
import { type ShopEvent, shopEvents } from './data/shop.ts'

export interface Trend {
  readonly product: string
  readonly views: number
}

export interface Browsing {
  readonly volume: Observable<Pane<number>>
  /** The three products that were looked at most, the first one first. */
  readonly trending: Observable<Pane<readonly Trend[], 'shop'>>
  /** Of the shoppers who put something into their cart, the share who bought something. */
  readonly conversion: Observable<Pane<number | undefined, 'shop'>>
}

/** Everything over the past hour, every quarter of an hour. */
export function browsing(events: Observable<ShopEvent>): Browsing {
  const pastHour = hopping('1h', '15m')
  // The log is read once, by three pipelines.
  const timed = events.pipe(
    assignTimestamps((event) => event.time, boundedOutOfOrderness('5m')),
    share(),
  )
  return {
    volume: timed.pipe(window(pastHour, count()), panes()),
    trending: timed.pipe(
      filter((event) => event.action === 'view'),
      keyBy((event) => event.product),
      window(pastHour, count()),
      map((views, { key }) => ({ product: key, views })),
      // A result has the last millisecond of its hour as its time. So each quarter has the results of one hour, for all products.
      keyBy(() => 'shop' as const),
      window(
        tumbling('15m'),
        topK(3, ({ views }) => views),
      ),
      panes(),
    ),
    conversion: timed.pipe(
      keyBy((event) => event.shopper),
      window(pastHour, {
        added: sum((event) => Number(event.action === 'add')),
        bought: sum((event) => Number(event.action === 'purchase')),
      }),
      filter(({ added }) => added > 0),
      keyBy(() => 'shop' as const),
      window(
        tumbling('15m'),
        avg(({ bought }) => Number(bought > 0)),
      ),
      panes(),
    ),
  }
}

if (process.argv[1] === import.meta.filename) {
  const { volume, trending, conversion } = browsing(fromIterable(shopEvents()))
  const print = <T>(panes: Observable<Pane<T, unknown>>, say: (value: T) => string): Route =>
    route(
      panes.pipe(rxFilter(({ window }) => window.end % 3_600_000 === 0)),
      text(process.stdout, ({ window, value }) => `until ${new Date(window.end).toISOString()}: ${say(value)}`),
    )
  await run([
    print(volume, (events) => `${events} events`),
    print(trending, (trends) => trends.map(({ product, views }) => `${product} ${views}`).join(', ')),
    print(conversion, (share) => `${Math.round(100 * (share ?? 0))} % of the carts`),
  ]).done
}
