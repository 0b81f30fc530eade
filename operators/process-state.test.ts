import { Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { type Element, event, watermark } from '../lib/element.ts'
import { turns } from '../lib/fixtures/turns.ts'
import { listState } from '../lib/keyed/list-state.ts'
import { mapState } from '../lib/keyed/map-state.ts'
import type { StateSpec } from '../lib/keyed/state-spec.ts'
import { type ValueState, valueState } from '../lib/keyed/value-state.ts'
import { run } from '../lib/run.ts'
import { collect } from '../testing/collect.ts'
import { expectProcess, type Numbers } from './fixtures/processes.ts'
import { process } from './process.ts'

describe('time to live', () => {
  const showing: Numbers<{ seen: StateSpec<ValueState<number>> }, unknown> = {
    state: { seen: valueState<number>({ ttl: 5 }) },
    onEvent({ value }, { state: { seen } }, emit) {
      emit(seen.value ?? 'none')
      seen.set(value)
    },
  }

  test('is over when the watermark reaches the last write + ttl', async () => {
    await expectProcess(
      `
      in    1@1    ~5  2@6    ~10  3@11   ~15  4@16   ~21  5@22
      out   none@1     1@6         2@11        3@16        none@22
      late
      `,
      showing,
    )
  })

  test('is not shortened by an earlier write', async () => {
    await expectProcess(
      `
      in    1@8     2@1  ~12  3@12
      out   none@8  1@1       2@12
      late
      `,
      showing,
    )
  })

  test('is over at once for what is written so late', async () => {
    await expectProcess(
      `
      in    ~20  1@15     2@16
      out        none@15  none@16
      late
      `,
      showing,
    )
  })

  test('frees each entry of a map and of a list, whose others stay', async () => {
    await expectProcess<{
      map: ReturnType<typeof mapState<number, number>>
      list: ReturnType<typeof listState<number>>
    }>(
      `
      in    1@1     2@3     1@4         ~7  9@7
      out   none@1  m1l1@3  m12l12@4        m1l1@7
      late
      `,
      {
        state: { map: mapState<number, number>({ ttl: 4 }), list: listState<number>({ ttl: 4 }) },
        onEvent({ value, time }, { state: { map, list } }, emit) {
          emit(map.size === 0 ? 'none' : `m${[...map.keys()].join('')}l${[...list.values()].join('')}`)
          map.set(value, time)
          list.push(value)
        },
      },
    )
  })

  test('frees what nobody looks at any more', async () => {
    const source = new Subject<Element<number, string, undefined>>()
    const storing: Numbers<{ ids: ReturnType<typeof mapState<number, true>> }> = {
      state: { ids: mapState<number, true>({ ttl: 10 }) },
      onEvent: ({ value }, { state }) => state.ids.set(value, true),
    }
    const job = run(source.pipe(process(storing, { keep: 'forever' })), () => {})
    await turns()
    for (let i = 0; i < 1_000; i++) source.next(event(i, i, 'x'))
    await turns()
    expect(job.metrics().operators[0]).toMatchObject({ entries: 1_001 })
    source.next(watermark(500))
    await turns()
    expect(job.metrics().operators[0]).toMatchObject({ entries: 1_000 - 491 + 1 })
    source.next(watermark(1_009))
    await turns()
    expect(job.metrics().operators[0]).toMatchObject({ entries: 0 })
    source.complete()
    await job.done
  })
})

test('handles do what maps, lists and values do', async () => {
  const seen: unknown[] = []
  const out = fromIterable([event(1, 1, 'x')]).pipe(
    process(
      {
        state: { value: valueState({ initial: 7 }), map: mapState<string, number>(), list: listState<number>() },
        onEvent(_, { state: { value, map, list }, key }) {
          map.set('a', 1)
          map.set('b', 2)
          map.set('a', 3)
          seen.push(map.size, map.get('a'), map.get('c'), map.has('b'), [...map.entries()], [...map.values()])
          seen.push(map.delete('a'), map.delete('a'), [...map.keys()])
          map.clear()
          seen.push(map.size)
          list.push(1)
          list.push(1)
          seen.push(list.size, [...list.values()])
          list.clear()
          seen.push(list.size, value.value)
          value.set(8)
          seen.push(value.value)
          value.clear()
          seen.push(value.value, key)
        },
      },
      { keep: 0 },
    ),
  )
  await collect(out)
  expect(seen.slice(0, 4)).toEqual([2, 3, undefined, true])
  expect(seen.slice(4, 6)).toEqual([Object.entries({ a: 3, b: 2 }), [3, 2]])
  expect(seen.slice(6)).toEqual([true, false, ['b'], 0, 2, [1, 1], 0, 7, 8, 7, 'x'])
})
