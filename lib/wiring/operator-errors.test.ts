// Errors of callbacks and machines: who is named, and that the job ends.
import { describe, expect, test } from 'vitest'
import { filter, flatMap, keyBy, map, values, window } from '../../operators/index.ts'
import { sum } from '../aggregates/sum.ts'
import { tumbling } from '../windows/tumbling.ts'
import type { Event } from '../element.ts'
import { TidemarkError } from '../errors.ts'
import { failureOf } from '../fixtures/failure.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { run } from '../run.ts'
import { sideOutput } from './side-output.ts'
import { timestamps, numbers, operator } from '../fixtures/tested-operator.ts'

describe('an error of a callback', () => {
  const boom = new Error('boom')
  const failing = (n: number): number => {
    if (n === 2) throw boom
    return n
  }

  test('names operator, key and event time, and closes the source', async () => {
    const source = new ScriptedSource<number>().give(1, 2, 3)
    const pipeline = source.values.pipe(
      timestamps,
      keyBy((n) => `k${n}`),
      map(failing),
    )
    const error = await failureOf(run(pipeline, () => {}).done)
    expect(error).toEqual(
      new TidemarkError('callback', "map: boom (key 'k2', event time 2)", {
        cause: boom,
        operator: 'map',
        key: 'k2',
        time: 2,
      }),
    )
    expect(source.closed).toBe(1)
  })

  test('is told once, to each subscriber', async () => {
    const source = new ScriptedSource<number>().give(1, 2, 3)
    const late = sideOutput<Event<number, undefined, undefined>>('late')
    const log: unknown[] = []
    late.subscribe({ error: (error: unknown) => log.push(error) })
    source.values.pipe(timestamps, map(failing), window(tumbling(10), sum(), { late }), values()).subscribe({
      next: () => log.push('next'),
      error: (error: unknown) => log.push(error),
      complete: () => log.push('complete'),
    })
    await turns()
    const error: unknown = expect.objectContaining({ code: 'callback', message: 'map: boom (event time 2)' })
    expect(log).toEqual([error, error])
    expect(source.closed).toBe(1)
  })

  test('is not blamed on those upstream of it, however it comes about', async () => {
    const pipeline = numbers(1, 2).pipe(
      flatMap((n) => [n]),
      filter(() => true),
      map(failing),
      values(),
    )
    expect(await failureOf(run(pipeline, () => {}).done)).toMatchObject({ operator: 'map' })
  })

  test('at a watermark names the operator', async () => {
    const broken = operator(numbers(1), () => ({
      onEvent() {},
      onWatermark() {
        throw boom
      },
    }))
    expect(await failureOf(run(broken, () => {}).done)).toMatchObject({ code: 'callback', message: 'tested: boom' })
  })

  test('of an aggregate as it fires names window, key and time', async () => {
    const pipeline = numbers(1).pipe(
      keyBy(() => 'k'),
      window(tumbling(10), {
        name: 'failing',
        create: () => 0,
        add: (total: number) => total,
        merge: (total: number) => total,
        result() {
          throw boom
        },
      }),
    )
    expect(await failureOf(run(pipeline, () => {}).done)).toMatchObject({
      message: "window: boom (key 'k', event time 9)",
      key: 'k',
      time: 9,
    })
  })

  test('that the machine reports by itself ends the job as well', async () => {
    const source = new ScriptedSource<number>().give(1, 2, 3)
    const seen: number[] = []
    const broken = operator(source.values.pipe(timestamps), (context) => ({
      onEvent({ value }) {
        seen.push(value)
        context.fail(boom)
      },
    }))
    expect(await failureOf(run(broken, () => {}).done)).toMatchObject({ message: 'tested: boom', operator: 'tested' })
    expect(seen).toEqual([1])
    expect(source.closed).toBe(1)
  })
})
