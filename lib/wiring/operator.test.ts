import { from, type Observable } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { map, merge } from '../../operators/index.ts'
import { collect } from '../../testing/collect.ts'
import { event, type Event } from '../element.ts'
import { failureOf } from '../fixtures/failure.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { isInsertOnlyStream } from './flow.ts'
import { defineOperator } from './operator.ts'
import { route, run } from '../run.ts'
import { sideOutput } from './side-output.ts'
import { type Numbers, timestamps, numbers, operator, passing } from '../fixtures/tested-operator.ts'

describe('what may be taken back', () => {
  const pushed = from([event(1, 1)])
  const giving = (source: Numbers, retracts?: 'always' | 'never'): Numbers =>
    defineOperator<Event<number, undefined, undefined>, Event<number, undefined, undefined>>([source], {
      name: 'giving',
      ...(retracts === undefined ? {} : { retracts }),
      create: (context) => ({ onEvent: (each) => context.emit(each) }),
    })

  test.each<[string, Numbers, boolean]>([
    ['with timestamps', numbers(1), true],
    ['of RxJS, of which nothing is known', pushed, false],
    ['behind what passes on what it gets', giving(numbers(1)), true],
    ['behind what passes on what it gets, of RxJS', giving(pushed), false],
    ['behind what revises its results', giving(numbers(1), 'always'), false],
    ['behind what never does', giving(pushed, 'never'), true],
    ['of several, none of which takes back', merge(numbers(1), numbers(2)), true],
    ['of several, one of which may', merge(numbers(1), giving(numbers(2), 'always')), false],
  ])('is known of a stream %s, and told to the machine', async (_, stream, isInsertOnly) => {
    expect(isInsertOnlyStream(stream)).toBe(isInsertOnly)
    let told: boolean | undefined
    const asking = operator(stream, (context) => {
      told = context.isInsertOnly
      return { onEvent: (each) => context.emit(each) }
    })
    await collect(asking)
    expect(told).toBe(isInsertOnly)
  })
})

describe('ids', () => {
  const idsOf = async (pipeline: Observable<unknown>): Promise<string[]> =>
    (await run(pipeline, () => {}).done).operators.map(({ id }) => id)
  const pass =
    (id?: string) =>
    (source: Numbers): Numbers =>
      operator(source, passing([]), id)

  test('are the names, numbered where a job has several, from the end of the pipeline', async () => {
    const pipeline = numbers(1).pipe(
      pass(),
      pass(),
      map((n) => n),
      pass(),
    )
    expect(await idsOf(pipeline)).toEqual(['assignTimestamps', 'tested#3', 'tested#2', 'map', 'tested'])
  })

  test('can be given, and a number goes round them', async () => {
    expect(await idsOf(numbers(1).pipe(pass(), pass('mine'), pass('tested#2'), pass()))).toEqual([
      'assignTimestamps',
      'tested#3',
      'mine',
      'tested#2',
      'tested',
    ])
  })

  test.each([
    ['mine', 'mine'],
    [undefined, 'tested'],
  ])('that are given twice are refused (%s)', async (upstream, downstream) => {
    const error = await failureOf(run(numbers(1).pipe(pass(downstream), pass(upstream)), () => {}).done)
    expect(error).toMatchObject({
      code: 'wiring',
      message: `tested: expected an id that no other operator of the job has, got '${downstream}'`,
    })
  })
})

test('an output beside the main one ends with the operator', async () => {
  const beside = sideOutput<number>('beside')
  const log: string[] = []
  const source = new ScriptedSource<number>().give(1)
  const stream = operator(source.values.pipe(timestamps), (context) => {
    const writer = context.open(beside)
    return {
      onEvent(each) {
        writer?.write(-each.value)
        context.emit(each)
      },
    }
  })
  const job = run([route(stream, () => {}), route(beside, (n) => void log.push(`${n}`))])
  await turns()
  source.end()
  const { sinks } = await job.done
  expect(log).toEqual(['-1'])
  expect(sinks.map(({ written }) => written)).toEqual([3, 1])
})
