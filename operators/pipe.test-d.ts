// What flows from one operator to the next must be known without a type written by hand, and what does not fit is refused.
import { from, map as rxMap, type Observable } from 'rxjs'
import { expectTypeOf, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { count } from '../lib/aggregates/count.ts'
import { countDistinct } from '../lib/aggregates/count-distinct.ts'
import { max } from '../lib/aggregates/max.ts'
import { sum } from '../lib/aggregates/sum.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import type { Element, Event, Stream } from '../lib/element.ts'
import { run } from '../lib/run.ts'
import { type SideOutput, sideOutput } from '../lib/wiring/side-output.ts'
import { boundedOutOfOrderness } from '../lib/watermarks/bounded-out-of-orderness.ts'
import { monotonous } from '../lib/watermarks/monotonous.ts'
import type { PaneInfo } from '../lib/window.ts'
import {
  assignTimestamps,
  filter,
  flatMap,
  keyBy,
  lift,
  map,
  merge,
  type Pane,
  panes,
  values,
  window,
} from './index.ts'

interface Hit {
  readonly host: string
  readonly time: number
  readonly bytes: number
}

const hits = fromIterable<Hit>([])
const stream = hits.pipe(assignTimestamps((hit) => hit.time, boundedOutOfOrderness('60s')))

test('timestamps make a stream of an observable', () => {
  expectTypeOf(stream).toEqualTypeOf<Observable<Element<Hit, undefined, undefined>>>()
  expectTypeOf(stream).toExtend<Stream<Hit>>()
})

test('from lines to panes everything is known', () => {
  const pipeline = hits.pipe(
    assignTimestamps((hit) => hit.time, boundedOutOfOrderness('60s')),
    keyBy((hit) => hit.host),
    window(tumbling('1h'), {
      hits: count(),
      users: countDistinct((hit) => hit.host),
      bytes: sum((hit) => hit.bytes),
      largest: max((hit) => hit.bytes),
    }),
    panes(),
  )
  expectTypeOf(pipeline).toEqualTypeOf<
    Observable<Pane<{ hits: number; users: number; bytes: number; largest: number | undefined }, string>>
  >()
  pipeline.subscribe(({ window: { start, end }, key, value, timing, isLast, diff }) => {
    expectTypeOf(start).toEqualTypeOf<number>()
    expectTypeOf(end).toEqualTypeOf<number>()
    expectTypeOf(key).toEqualTypeOf<string>()
    expectTypeOf(value.bytes).toEqualTypeOf<number>()
    expectTypeOf(timing).toEqualTypeOf<'early' | 'on-time' | 'late'>()
    expectTypeOf(isLast).toEqualTypeOf<boolean>()
    expectTypeOf(diff).toEqualTypeOf<1>()
  })
})

test('one aggregate gives its result', () => {
  expectTypeOf(
    stream.pipe(
      window(
        tumbling('1h'),
        countDistinct((hit) => hit.host),
      ),
      values(),
    ),
  ).toEqualTypeOf<Observable<number>>()
  expectTypeOf(
    stream.pipe(
      window(tumbling('1h'), {
        name: 'hosts',
        create: () => new Set<string>(),
        add: (hosts: Set<string>, hit: Hit) => hosts.add(hit.host),
        merge: (into: Set<string>, other: Set<string>) => new Set([...into, ...other]),
        result: (hosts: Set<string>) => [...hosts],
      }),
      values(),
    ),
  ).toEqualTypeOf<Observable<string[]>>()
})

test('without a key the key is undefined', () => {
  expectTypeOf(stream.pipe(window(tumbling('1h'), count()), panes())).toEqualTypeOf<Observable<Pane<number>>>()
})

test('map, flatMap and lift change the value, and nothing else', () => {
  const keyed = stream.pipe(keyBy((hit) => hit.bytes))
  expectTypeOf(keyed).toEqualTypeOf<Observable<Element<Hit, number, undefined>>>()
  expectTypeOf(keyed.pipe(map((hit) => hit.host))).toEqualTypeOf<Observable<Element<string, number, undefined>>>()
  expectTypeOf(keyed.pipe(flatMap((hit) => [hit.host, hit.bytes]))).toEqualTypeOf<
    Observable<Element<string | number, number, undefined>>
  >()
  expectTypeOf(keyed.pipe(flatMap((hit) => hit.host))).toEqualTypeOf<Observable<Element<string, number, undefined>>>()
  expectTypeOf(keyed.pipe(lift(rxMap((hit) => hit.time > 0)))).toEqualTypeOf<
    Observable<Element<boolean, number, undefined>>
  >()
})

test('filter narrows by a type guard', () => {
  const mixed = fromIterable<string | number>([]).pipe(assignTimestamps(() => 0, monotonous()))
  expectTypeOf(mixed.pipe(filter((value): value is string => typeof value === 'string'))).toEqualTypeOf<
    Observable<Element<string, undefined, undefined>>
  >()
  expectTypeOf(mixed.pipe(filter((value) => value !== 5))).toEqualTypeOf<
    Observable<Element<string | number, undefined, undefined>>
  >()
})

test('keyBy shows the key before, and the window of a result', () => {
  const perHost = stream.pipe(
    keyBy((hit) => hit.host),
    window(tumbling('1h'), count()),
  )
  expectTypeOf(perHost.pipe(keyBy((_, { key, pane }) => `${key} ${pane.window.start}` as const))).toEqualTypeOf<
    Observable<Element<number, `${string} ${number}`, PaneInfo>>
  >()
})

test('keyBy keeps a key of few values as it is, and refuses one that is an object', () => {
  expectTypeOf(stream.pipe(keyBy((hit) => (hit.bytes > 5 ? ('large' as const) : ('small' as const))))).toEqualTypeOf<
    Observable<Element<Hit, 'large' | 'small', undefined>>
  >()
  // @ts-expect-error an object is no key
  stream.pipe(keyBy((hit) => ({ host: hit.host })))
  // @ts-expect-error an array is no key
  stream.pipe(keyBy((hit) => [hit.host]))
})

test('merge takes streams of one kind, or of several', () => {
  const names = stream.pipe(map((hit) => hit.host))
  expectTypeOf(merge(stream, stream)).toEqualTypeOf<Observable<Element<Hit, undefined, undefined>>>()
  const mixed = merge(stream, names.pipe(keyBy((name) => name)))
  expectTypeOf(mixed).toEqualTypeOf<Observable<Element<Hit | string, string | undefined, undefined>>>()
  expectTypeOf(mixed.pipe(values())).toEqualTypeOf<Observable<Hit | string>>()
  const many: readonly Stream<Hit, undefined, undefined>[] = [stream]
  expectTypeOf(merge(...many).pipe(values())).toEqualTypeOf<Observable<Hit>>()
})

test('panes stand behind a window only', () => {
  expectTypeOf(stream.pipe(window(tumbling('1h'), count()))).toEqualTypeOf<
    Observable<Element<number, undefined, PaneInfo>>
  >()
  expectTypeOf(
    stream.pipe(
      window(tumbling('1h'), count()),
      map((n) => `${n}`),
      filter((text) => text !== '0'),
      panes(),
    ),
  ).toEqualTypeOf<Observable<Pane<string>>>()
  // @ts-expect-error these events have come out of no window
  stream.pipe(panes())
})

test('a second window is one behind a first', () => {
  expectTypeOf(
    stream.pipe(
      keyBy((hit) => hit.host),
      window(tumbling('1m'), count()),
      keyBy((n) => n > 5),
      window(tumbling('1h'), sum()),
      panes(),
    ),
  ).toEqualTypeOf<Observable<Pane<number, boolean>>>()
})

test('the late output knows value and key', () => {
  const late = sideOutput<Event<Hit, string, undefined>>('late')
  stream.pipe(
    keyBy((hit) => hit.host),
    window(tumbling('1h'), count(), { late }),
  )
  expectTypeOf(late).toEqualTypeOf<SideOutput<Event<Hit, string, undefined>>>()
  expectTypeOf(late.pipe(values())).toEqualTypeOf<Observable<Hit>>()
  late.subscribe(({ value, time, key }) => {
    expectTypeOf(value).toEqualTypeOf<Hit>()
    expectTypeOf(time).toEqualTypeOf<number>()
    expectTypeOf(key).toEqualTypeOf<string>()
  })
  expectTypeOf(
    late.pipe(
      window(
        tumbling('1h'),
        sum((hit: Hit) => hit.bytes),
      ),
      panes(),
    ),
  ).toEqualTypeOf<Observable<Pane<number, string>>>()
  const wrong = sideOutput<Event<Hit, number, undefined>>('late')
  const byHost = stream.pipe(keyBy((hit) => hit.host))
  // @ts-expect-error the key of what is late is a text
  byHost.pipe(window(tumbling('1h'), count(), { late: wrong }))
})

test('aggregates that do not fit the values are refused', () => {
  // @ts-expect-error a hit is no number
  stream.pipe(window(tumbling('1h'), sum()))
  stream.pipe(
    window(tumbling('1h'), {
      // @ts-expect-error a host is no number
      bytes: sum((hit) => hit.host),
    }),
  )
})

test('operators of tidemark need a stream, values do not', () => {
  // @ts-expect-error a hit is no element
  hits.pipe(keyBy((hit: Hit) => hit.host))
  // @ts-expect-error a hit is no element
  from([1]).pipe(window(tumbling('1h'), count()))
})

test('a destination takes what comes', () => {
  run(stream.pipe(values()), (hit) => {
    expectTypeOf(hit).toEqualTypeOf<Hit>()
  })
  // @ts-expect-error a hit is no text
  run(stream.pipe(values()), (text: string) => text)
})
