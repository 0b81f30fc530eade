import { from, Subject, take } from 'rxjs'
import { expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { type Diff, type Element, event, type Event } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { turns } from '../lib/fixtures/turns.ts'
import { run } from '../lib/run.ts'
import type { Sink } from '../lib/sink.ts'
import type { Change } from './changes.ts'
import { materialize } from './materialize.ts'
import { toTable } from './to-table.ts'

type Upsert = Element<number | null, string, undefined>

test('has the rows that stand, while the job runs and after', async () => {
  const upserts = new Subject<Upsert>()
  const view = materialize<number, string>()
  const job = run(upserts.pipe(toTable()), view)
  await turns()
  expect([view.size, view.get('x'), [...view.entries()]]).toEqual([0, undefined, []])
  for (const [key, value] of [
    ['x', 1],
    ['y', 2],
    ['x', 3],
  ] as const) {
    upserts.next(event(value, 1, key))
  }
  await turns()
  expect([view.size, view.get('x'), view.get('y'), view.get('z')]).toEqual([2, 3, 2, undefined])
  upserts.next(event(null, 2, 'y'))
  await turns()
  expect(view.get('y')).toBeUndefined()
  upserts.complete()
  await job.done
  expect([...view.entries()]).toEqual([['x', 3]])
})

test('reads the rows of a range of keys, in their order, also of those that came and went since', async () => {
  const upserts = new Subject<Upsert>()
  const view = materialize<number, string>()
  const job = run(upserts.pipe(toTable()), view)
  const put = async (key: string, value: number | null): Promise<void> => {
    upserts.next(event(value, 1, key))
    await turns()
  }
  await turns()
  expect(view.range('', 'z')).toEqual([])
  for (const [i, key] of ['n', 'b', 'm', 'a'].entries()) await put(key, i)
  const before = view.range('b', 'n')
  await put('m', 7)
  await put('b', null)
  await put('c', 8)
  expect(view.range('b', 'n')).toEqual([
    ['c', 8],
    ['m', 7],
  ])
  // What was read is what stood then.
  expect(before).toEqual([
    ['b', 1],
    ['m', 2],
  ])
  await job.stop()
  expect(view.range('n', 'z')).toEqual([['n', 0]])
})

test('has keys without an order in no range', async () => {
  const view = materialize<number, string | number | boolean | undefined>()
  const keys = [true, 'a', undefined, Number.NaN, 1]
  await run(from(keys.map((key, i) => event<number, (typeof keys)[number]>(i, 1, key))), view).done
  expect(view.range(-Infinity, '\uffff')).toEqual([
    [1, 4],
    ['a', 1],
  ])
  expect(view.range(Number.NaN, Infinity)).toEqual([])
  expect(view.get(Number.NaN)).toBe(3)
})

test('gives the rows that are there, then each change when it has been made, and completes with the job', async () => {
  const upserts = new Subject<Upsert>()
  const view = materialize<number, string>()
  const job = run(upserts.pipe(toTable()), view)
  await turns()
  upserts.next(event(1, 1, 'x'))
  await turns()
  const seen: string[] = []
  const observer = {
    next: ({ op, key, value, time }: Change<number, string>) =>
      void seen.push(`${op}${key}:${value}@${time} of ${view.get(key) ?? 'none'}`),
    complete: () => void seen.push('complete'),
  }
  view.changes().subscribe(observer)
  upserts.next(event(2, 5, 'x'))
  await turns()
  expect(seen).toEqual(['+x:1@1 of 1', '-x:1@1 of none', '+x:2@5 of 2'])
  await job.stop()
  expect(seen.splice(0).at(-1)).toBe('complete')
  view.changes().subscribe(observer)
  expect(seen).toEqual(['+x:2@5 of 2', 'complete'])
})

test('gives no change twice to who comes while it is given, and none to who has gone', async () => {
  const view = materialize<number, string>()
  const seen: string[] = []
  view.changes().subscribe(({ key }) => {
    seen.push(`first ${key}`)
    if (key === 'x') view.changes().subscribe((change) => void seen.push(`second ${change.key}`))
  })
  view
    .changes()
    .pipe(take(1))
    .subscribe(({ key }) => void seen.push(`one ${key}`))
  await run(fromIterable([event(1, 1, 'x'), event(1, 1, 'y')]).pipe(toTable()), view).done
  expect(seen).toEqual(['first x', 'second x', 'one x', 'first y', 'second y'])
})

test('never shows an update by half, whatever the batch size', async () => {
  const upserts = Array.from({ length: 100 }, (_, n): Upsert => event(n, n, 'x'))
  const view = materialize<number, string>()
  const sizes = new Set<number>()
  const watching: Sink<Parameters<typeof view.write>[0][number]> = {
    name: 'watching',
    write(batch) {
      void view.write(batch)
      sizes.add(view.size)
    },
  }
  await run(fromIterable(upserts).pipe(toTable()), watching, { batchSize: 1 }).done
  expect(sizes).toEqual(new Set([1]))
  expect(view.get('x')).toBe(99)
})

test.each<[string, readonly Event<number, string, undefined, Diff>[], string]>([
  ['takes back what is not there', [event(1, 1, 'x', -1)], 'expected to take back a row that is there, got 1'],
  ['has two rows of a key', [event(1, 1, 'x'), event(1, 1, 'x')], 'expected the row of the key to be taken back'],
])('ends the job with an error when the table %s', async (_, changes, message) => {
  expect(await failureOf(run(from(changes), materialize<number, string>({ name: 'view' })).done)).toMatchObject({
    code: 'unsupported',
    message: expect.stringContaining(`view: ${message}`) as string,
    key: 'x',
  })
})
