import { Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { TidemarkError } from '../errors.ts'
import { failureOf } from '../fixtures/failure.ts'
import { RecordingSink } from '../fixtures/recording-sink.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { run } from '../run.ts'

describe('a sink that fails', () => {
  const boom = new Error('disk full')
  const failing = (method: 'write' | 'end' | 'close', how: 'throws' | 'rejects'): RecordingSink<number> => {
    const sink = new RecordingSink<number>()
    sink[method] = () => {
      sink.calls.push(method)
      if (how === 'throws') throw boom
      return Promise.reject(boom)
    }
    return sink
  }

  test.each(['throws', 'rejects'] as const)(
    'at a batch: the job fails, the sink is closed, and so is the source (%s)',
    async (how) => {
      const source = new ScriptedSource<number>().give(1).give(2)
      const sink = failing('write', how)
      const error = await failureOf(run(source.values, sink).done)
      expect(error).toEqual(new TidemarkError('output', 'recording: disk full', { cause: boom, operator: 'recording' }))
      expect(sink.calls).toEqual(['write', 'close'])
      expect(source.closed).toBe(1)
    },
  )

  test.each(['throws', 'rejects'] as const)('at the end: the job fails, the sink is closed (%s)', async (how) => {
    const sink = failing('end', how)
    const error = await failureOf(run(fromIterable([1]), sink).done)
    expect(error).toMatchObject({ code: 'output', message: 'recording: disk full', cause: boom })
    expect(sink.calls).toEqual(['write', 'end', 'close'])
  })

  test.each(['throws', 'rejects'] as const)('when it is closed: the job that was stopped fails (%s)', async (how) => {
    const sink = failing('close', how)
    const error = await failureOf(run(new ScriptedSource<number>().values, sink).stop())
    expect(error).toMatchObject({ code: 'output', message: 'recording: disk full', cause: boom, operator: 'recording' })
  })

  test('a function: the job fails at that value', async () => {
    const taken: number[] = []
    const take = (n: number): void => {
      taken.push(n)
      if (n === 2) throw boom
    }
    const error = await failureOf(run(fromIterable([1, 2, 3]), take).done)
    expect(error).toMatchObject({ code: 'output', message: 'take: disk full' })
    expect(taken).toEqual([1, 2])
  })

  test('when the job fails already: the first error is told', async () => {
    const source = new ScriptedSource<number>().fail(new Error('gone'))
    const error = await failureOf(run(source.values, failing('close', 'rejects')).done)
    expect(error).toMatchObject({ code: 'input', message: 'scripted: gone' })
  })
})

describe('what pushes and can not be held back', () => {
  test.each([
    { bufferLimit: 5, batchSize: 2, taken: 5 },
    { bufferLimit: 5, batchSize: 100, taken: 5 },
  ])('fails the job when more waits than the limit allows: %o', async ({ bufferLimit, batchSize, taken }) => {
    const numbers = new Subject<number>()
    let release = (): void => {}
    const slow = async (): Promise<void> => new Promise<void>((resolve) => (release = resolve))
    const job = run(numbers, slow, { batchSize, bufferLimit })
    await turns()
    for (let n = 0; n < taken; n++) numbers.next(n)
    await turns()
    expect(job.metrics().sinks[0]).toMatchObject({ buffered: taken, mostBuffered: taken })
    expect(numbers.observed).toBe(true)
    numbers.next(taken)
    expect(numbers.observed).toBe(false)
    const failed = failureOf(job.done)
    for (let n = 0; n <= taken; n++) {
      release()
      await turns(2)
    }
    expect(await failed).toMatchObject({
      code: 'overflow',
      operator: 'slow',
      message:
        `slow: expected at most 5 values to wait for the sink, got more from a source that can't be held back; ` +
        `read it through an adapter, or raise 'bufferLimit'`,
    })
  })
})
