// What a later program makes of a checkpoint in which operators, sources and sinks have other names.
import { describe, expect, test } from 'vitest'
import { aggregate, changes, map, values } from '../../operators/index.ts'
import { count } from '../aggregates/count.ts'
import { sum } from '../aggregates/sum.ts'
import { failureOf } from '../fixtures/failure.ts'
import { run } from '../run.ts'
import { merge as merged, type Observable } from 'rxjs'
import { defineSource } from '../wiring/source.ts'
import { DurableSink, Fate, MemoryStore, nothingDurable } from './fixtures/crashing.ts'
import { numbers, runTo, totals } from './fixtures/upgraded.ts'

describe('an id', () => {
  test('that is new is told beside the old one, which may stay', async () => {
    const durable = nothingDurable()
    const rename = { 'per kind': 'sums', 'that is not there': 'nor this' }
    await runTo(10, totals(sum(), 'per kind'), durable)
    await runTo(14, totals(sum(), 'sums'), durable, { rename })
    expect(durable.cells.get('per kind')?.size).toBe(0)
    expect(durable.cells.get('sums')?.size).toBe(2)
    const written = await runTo(Infinity, totals(sum(), 'sums'), durable, { rename })
    expect(written.at(-1)).toMatchObject({ op: '+', value: 110 })
  })

  test('of a sink that is new lets it go on where the other was', async () => {
    const durable = nothingDurable()
    const written: unknown[] = []
    const checkpoint = { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) }
    const first = run(totals(sum()), new DurableSink(written, new Fate()), { checkpoint })
    await first.done
    const { length } = written
    const another = new DurableSink(written, new Fate())
    const named = {
      name: 'another',
      write: (some: readonly unknown[]) => another.write(some),
      recover: (receipt: unknown) => another.recover(receipt),
      prepare: () => another.prepare(),
    }
    await run(totals(sum()), named, { checkpoint: { ...checkpoint, rename: { durable: 'another' } } }).done
    expect(written).toHaveLength(length)
    await run(totals(sum()), { ...named, name: 'a third' }, { checkpoint: { ...checkpoint, drop: ['another'] } }).done
    expect(written).toHaveLength(0)
  })

  test('that another operator has is not given to a second one', async () => {
    const durable = nothingDurable()
    const both = numbers.pipe(aggregate(count(), { keep: 'forever', id: 'one' }), changes())
    await runTo(10, merged(both, totals(sum(), 'other')), durable)
    const rename = { one: 'other' }
    const failure = await failureOf(runTo(11, totals(sum(), 'other'), durable, { rename }))
    expect(failure).toMatchObject({ code: 'checkpoint' })
    expect((failure as Error).message).toContain("got one without 'one'")
  })

  test('of a source that is new lets it go on', async () => {
    const letters = (name: string): Observable<string> =>
      defineSource<string>({
        name,
        open(_, position) {
          let next = Number(position ?? 0)
          return {
            read: () => (next < 5 ? { values: ['abcde'.charAt(next)], position: next++ } : undefined),
            close() {},
          }
        },
      })
    const durable = nothingDurable()
    await runTo(2, letters('here'), durable)
    const written = await runTo(Infinity, letters('there'), durable, { rename: { here: 'there' } })
    expect(written.slice(2)).toEqual(['c', 'd', 'e'])
  })

  test('that is to be dropped, and is there all the same, goes on', async () => {
    const durable = nothingDurable()
    await runTo(10, totals(sum(), 'sums'), durable)
    await runTo(11, totals(sum(), 'sums'), durable, { drop: ['sums'] })
    const written = await runTo(Infinity, totals(sum(), 'sums'), durable)
    expect(written.at(-1)).toMatchObject({ op: '+', value: 110 })
  })

  test('that has been renamed may be dropped by its new name', async () => {
    const durable = nothingDurable()
    await runTo(10, totals(sum(), 'old'), durable)
    const none = numbers.pipe(
      map((n) => n),
      values(),
    )
    await runTo(Infinity, none, durable, { rename: { old: 'new' }, drop: ['new'] })
    expect(durable.cells.get('old')?.size).toBe(0)
  })
})
