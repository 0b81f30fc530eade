// What a process is told of its state, and what it gives, is known exactly.
import type { Observable } from 'rxjs'
import { expectTypeOf, test } from 'vitest'
import type { Diff, Element, Event, Stream } from '../lib/element.ts'
import { listState } from '../lib/keyed/list-state.ts'
import { mapState } from '../lib/keyed/map-state.ts'
import type { Emit } from '../lib/keyed/process-definition.ts'
import { valueState } from '../lib/keyed/value-state.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import type { PaneInfo } from '../lib/window.ts'
import { deduplicate, inOrder, mapWithState, process, type RankedRow, rateLimit, topN } from './index.ts'

declare const added: Stream<number, string, undefined>
declare const revised: Stream<number, string, undefined, Diff>
declare const panes: Stream<number, string, PaneInfo>

interface Gap {
  readonly gap: number
}

test('process knows its event, its key, what each part of its state is, and what it emits', () => {
  const gaps = added.pipe(
    process(
      {
        state: {
          last: valueState<number>(),
          hits: valueState({ initial: 0 }),
          names: mapState<string, Date>({ ttl: '1h' }),
          list: listState<bigint>(),
        },
        onEvent(event, { state, key, watermark, now }, emit: Emit<Gap>) {
          expectTypeOf(event).toEqualTypeOf<Event<number, string, undefined>>()
          expectTypeOf(key).toEqualTypeOf<string>()
          expectTypeOf(watermark).toEqualTypeOf<number>()
          expectTypeOf(now).toEqualTypeOf<number>()
          expectTypeOf(state.last.value).toEqualTypeOf<number | undefined>()
          expectTypeOf(state.hits.value).toEqualTypeOf<number>()
          expectTypeOf(state.names.get('a')).toEqualTypeOf<Date | undefined>()
          expectTypeOf(state.names.entries()).toEqualTypeOf<Iterable<readonly [string, Date]>>()
          expectTypeOf(state.list.values()).toEqualTypeOf<Iterable<bigint>>()
          emit({ gap: 1 })
          emit({ gap: 1 }, 5)
          // @ts-expect-error of another type
          emit(1)
          // @ts-expect-error of another type
          state.last.set('a')
          // @ts-expect-error written by set
          state.last.value = 5
          // @ts-expect-error not declared
          expectTypeOf(state.other).toBeNever()
        },
        onTimer({ time, name, domain }, { state }, emit) {
          expectTypeOf(time).toEqualTypeOf<number>()
          expectTypeOf(name).toEqualTypeOf<string>()
          expectTypeOf(domain).toEqualTypeOf<'event' | 'processing'>()
          expectTypeOf(emit).toEqualTypeOf<Emit<Gap>>()
          expectTypeOf(state.hits.value).toEqualTypeOf<number>()
        },
      },
      { keep: '1h' },
    ),
  )
  expectTypeOf(gaps).toEqualTypeOf<Observable<Element<Gap, string, undefined>>>()
})

test('what is not said to be emitted can not be', () => {
  const nothing = added.pipe(
    process(
      {
        onEvent({ value }, _, emit) {
          // @ts-expect-error no type has been given
          emit(value)
        },
      },
      { keep: 0 },
    ),
  )
  expectTypeOf(nothing).toEqualTypeOf<Observable<Element<never, string, undefined>>>()
  const byTimer = added.pipe(
    process({ onEvent() {}, onTimer: ({ time }, _, emit: Emit<number>) => emit(time) }, { keep: 0 }),
  )
  expectTypeOf(byTimer).toEqualTypeOf<Observable<Element<number, string, undefined>>>()
})

test('how long keys are kept must be said', () => {
  // @ts-expect-error without keep
  added.pipe(process({ onEvent() {} }, {}))
  // @ts-expect-error without keep
  added.pipe(mapWithState(0, (state: number, n: number) => [state, n], {}))
})

test('mapWithState keeps key and pane', () => {
  const options = { keep: '1h' }
  expectTypeOf(panes.pipe(mapWithState(0, (total, n) => [total + n, `${total}`], options))).toEqualTypeOf<
    Observable<Element<string, string, PaneInfo>>
  >()
  added.pipe(
    mapWithState(
      0,
      (state, value, event) => {
        expectTypeOf(value).toEqualTypeOf<number>()
        expectTypeOf(event).toEqualTypeOf<Event<number, string, undefined>>()
        return [state, value]
      },
      options,
    ),
  )
})

test('deduplicate, rateLimit and inOrder leave the type as it is', () => {
  expectTypeOf(panes.pipe(deduplicate((n) => n, { within: 1 }))).toEqualTypeOf<
    Observable<Element<number, string, PaneInfo>>
  >()
  expectTypeOf(panes.pipe(rateLimit(1, 1))).toEqualTypeOf<Observable<Element<number, string, PaneInfo>>>()
  expectTypeOf(revised.pipe(inOrder())).toEqualTypeOf<Observable<Element<number, string, undefined, Diff>>>()
  expectTypeOf(added.pipe(inOrder())).toEqualTypeOf<Observable<Element<number, string, undefined>>>()
  added.pipe(deduplicate((n) => n, { within: 1, late: sideOutput<Event<number, string, undefined>>('late') }))
  // @ts-expect-error an object is no id
  added.pipe(deduplicate((n) => ({ n }), { within: 1 }))
  // @ts-expect-error `within` must be said
  added.pipe(deduplicate((n) => n, {}))
})

test('topN gives ranks under the name of their group', () => {
  expectTypeOf(revised.pipe(topN(1, (n) => n))).toEqualTypeOf<
    Observable<Element<RankedRow<number, string>, undefined, undefined, Diff>>
  >()
  expectTypeOf(added.pipe(topN(1, (n) => n, { of: (n) => n > 1 }))).toEqualTypeOf<
    Observable<Element<RankedRow<number, string>, boolean, undefined, Diff>>
  >()
  // @ts-expect-error has no order
  revised.pipe(topN(1, (n) => [n]))
})

test('a state takes insertions alone', () => {
  // @ts-expect-error may be taken back
  revised.pipe(process({ onEvent() {} }, { keep: 0 }))
  // @ts-expect-error may be taken back
  revised.pipe(mapWithState(0, (state: number, n: number) => [state, n], { keep: 0 }))
  // @ts-expect-error may be taken back
  revised.pipe(deduplicate((n: number) => n, { within: 0 }))
  // @ts-expect-error may be taken back
  revised.pipe(rateLimit(1, 1))
})

test('what migrates a state gives one of its own', () => {
  valueState({ initial: 0, version: 2, migrate: (text) => Number(text) })
  // @ts-expect-error: the value is a number
  valueState<number>({ version: 2, migrate: (text) => String(text) })
  mapState<string, Date>({ version: 2, migrate: (time, version) => new Date(Number(time) * version) })
  // @ts-expect-error: values are dates
  mapState<string, Date>({ version: 2, migrate: (time) => Number(time) })
  // @ts-expect-error: values are big
  listState<bigint>({ version: 2, migrate: (n) => Number(n) })
  added.pipe(mapWithState(0, (sum, n) => [sum + n, sum], { keep: '1h', version: 2, migrate: (sum) => Number(sum) }))
  // @ts-expect-error: the state is a number
  added.pipe(mapWithState(0, (sum, n) => [sum + n, sum], { keep: '1h', version: 2, migrate: (sum) => String(sum) }))
})
