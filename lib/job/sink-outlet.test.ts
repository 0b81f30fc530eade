import { Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { TidemarkError } from '../errors.ts'
import { failureOf } from '../fixtures/failure.ts'
import { RecordingSink } from '../fixtures/recording-sink.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { Fate, MemoryStore, nothingDurable } from '../checkpoint/fixtures/crashing.ts'
import { route, run, type RunOptions } from '../run.ts'

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

describe('a sink that takes part in checkpoints', () => {
  class PreparedSink extends RecordingSink<number> {
    recover(receipt: unknown): void {
      this.calls.push(`recover ${String(receipt)}`)
    }

    prepare(epoch: number): number {
      this.calls.push(`prepare ${epoch}`)
      return this.values.length
    }

    commit(epoch: number, receipt: unknown): void {
      this.calls.push(`commit ${epoch} ${String(receipt)}`)
    }
  }
  const durable = nothingDurable()
  const checkpoint: RunOptions = { checkpoint: { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) } }

  test('is told of the first one before it is written to, of the last one after the end, and is closed then', async () => {
    const sink = new PreparedSink()
    await run(fromIterable([1, 2]), sink, checkpoint).done
    const first = ['recover undefined', 'prepare 1', 'commit 1 0']
    expect(sink.calls).toEqual([...first, 'write', 'end', 'prepare 2', 'commit 2 2', 'close'])
  })

  test('goes on from the last one in the next run, and is not told of the end again', async () => {
    const sink = new PreparedSink()
    await run(fromIterable([1, 2]), sink, checkpoint).done
    expect(sink.calls).toEqual(['recover 2', 'commit 2 2', 'prepare 3', 'commit 3 0', 'close'])
  })

  test('begins with one if it was not in the one before', async () => {
    const [known, added] = [new PreparedSink(), new PreparedSink()]
    await run([route(fromIterable([1, 2]), known), route(fromIterable([3]), added)], checkpoint).done
    expect(known.calls.slice(0, 4)).toEqual(['recover 0', 'commit 3 0', 'prepare 4', 'commit 4 0'])
    expect(added.calls.slice(0, 4)).toEqual(['recover undefined', 'prepare 4', 'commit 4 0', 'write'])
  })

  test('is closed after the end, where no checkpoints are taken', async () => {
    const sink = new PreparedSink()
    await run(fromIterable([1, 2]), sink).done
    expect(sink.calls).toEqual(['write', 'end', 'close'])
  })

  test('is closed once when the job fails at the last one', async () => {
    const sink = new PreparedSink()
    sink.prepare = (epoch) => {
      if (epoch > 1) throw new Error('disk full')
      return 0
    }
    const options = { checkpoint: { dir: 'memory', store: () => new MemoryStore(nothingDurable(), new Fate()) } }
    expect(await failureOf(run(fromIterable([1]), sink, options).done)).toMatchObject({
      code: 'output',
      message: 'recording: disk full',
    })
    expect(sink.calls).toEqual(['recover undefined', 'commit 1 0', 'write', 'end', 'close'])
  })
})
