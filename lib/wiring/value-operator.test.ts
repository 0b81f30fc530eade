import { map as rxMap, type Observable } from 'rxjs'
import { expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { collect } from '../../testing/collect.ts'
import { TidemarkError } from '../errors.ts'
import { failureOf } from '../fixtures/failure.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { route, run } from '../run.ts'
import { type SideOutput, sideOutput } from './side-output.ts'
import { defineValueOperator } from './value-operator.ts'

/** Numbers in texts; other texts are refused, empty ones filtered. */
const numbers = (source: Observable<string>, bad?: SideOutput<string>): Observable<number> =>
  defineValueOperator<string, number>(source, {
    name: 'numbers',
    create({ counters, emit, open }) {
      const writer = open(bad)
      return (text) => {
        if (text === '') counters.filtered += 1
        else if (Number.isNaN(Number(text))) {
          counters.refused += 1
          writer?.write(text)
        } else emit(Number(text))
      }
    },
  })

test('gives what it makes of the values, of a source or of RxJS', async () => {
  expect(await collect(numbers(fromIterable(['1', 'x', '2'])))).toEqual([1, 2])
  expect(await collect(numbers(fromIterable([1, 2]).pipe(rxMap((n) => `${n}`))))).toEqual([1, 2])
})

test('is counted like any operator, and hands out what it refuses until it ends', async () => {
  const bad = sideOutput<string>('bad')
  const refused: string[] = []
  const metrics = await run([
    route(numbers(fromIterable(['1', '', 'x', '2', 'y']), bad), () => {}),
    route(bad, (text) => void refused.push(text)),
  ]).done
  expect(refused).toEqual(['x', 'y'])
  expect(metrics.operators).toEqual([
    expect.objectContaining({
      id: 'numbers',
      name: 'numbers',
      in: 5,
      out: 2,
      contributed: 2,
      filtered: 1,
      refused: 2,
      held: 0,
      entries: 0,
      watermark: -Infinity,
    }),
  ])
  expect(metrics.balanced).toBe(true)
})

test('an error names it, and closes the source', async () => {
  const boom = new Error('boom')
  const source = new ScriptedSource<number>().give(1)
  const failing = defineValueOperator<number, number>(source.values, {
    name: 'failing',
    id: 'mine',
    create: () => () => {
      throw boom
    },
  })
  expect(await failureOf(run(failing, () => {}).done)).toEqual(
    new TidemarkError('callback', 'mine: boom', { cause: boom, operator: 'mine' }),
  )
  expect(source.closed).toBe(1)
})

test('an error behind it is not blamed on it', async () => {
  const outer = defineValueOperator<number, number>(
    defineValueOperator<number, number>(fromIterable([1]), { name: 'inner', create: ({ emit }) => emit }),
    {
      name: 'outer',
      create: () => () => {
        throw new Error('boom')
      },
    },
  )
  expect(await failureOf(run(outer, () => {}).done)).toMatchObject({ operator: 'outer' })
})

test('one that loses a value is found', async () => {
  const losing = defineValueOperator<number, number>(fromIterable([1]), { name: 'losing', create: () => () => {} })
  expect(await failureOf(run(losing, () => {}).done)).toMatchObject({ code: 'ledger', operator: 'losing' })
})

test('when it is left early, its output ends and its id is free', async () => {
  const bad = sideOutput<string>('bad')
  const source = new ScriptedSource<string>().give('x', '1', '2')
  const log: string[] = []
  bad.subscribe({ next: (text) => log.push(text), complete: () => log.push('complete') })
  const subscription = numbers(source.values, bad).subscribe((n) => log.push(`${n}`))
  await turns()
  subscription.unsubscribe()
  await turns()
  expect(log).toEqual(['x', '1', '2', 'complete'])
})
