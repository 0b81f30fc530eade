import { expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { event, watermark } from '../lib/element.ts'
import { failureOf } from '../lib/fixtures/failure.ts'
import { ScriptedSource } from '../lib/fixtures/scripted-source.ts'
import { monotonous } from '../lib/watermarks/monotonous.ts'
import { assignTimestamps, values } from '../operators/index.ts'
import { collect } from './collect.ts'

test('gives the values of an observable, the elements of a stream', async () => {
  const stream = fromIterable([3, 4]).pipe(assignTimestamps((n) => n, monotonous()))
  expect(await collect(stream.pipe(values()))).toEqual([3, 4])
  expect(await collect(stream)).toEqual([event(3, 3), watermark(3), event(4, 4), watermark(4), watermark(Infinity)])
  expect(await collect(fromIterable([]))).toEqual([])
})

test('rejects with what ended the job', async () => {
  expect(await failureOf(collect(new ScriptedSource().fail(new Error('gone')).values))).toMatchObject({
    code: 'input',
    message: 'scripted: gone',
  })
})

test('takes the options of a run', async () => {
  const reason = new Error('enough')
  expect(await failureOf(collect(new ScriptedSource().values, { signal: AbortSignal.abort(reason) }))).toBe(reason)
})
