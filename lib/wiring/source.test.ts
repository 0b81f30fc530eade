import {
  catchError,
  concat,
  defer,
  firstValueFrom,
  map as rxMap,
  type Observable,
  of,
  repeat,
  retry,
  take,
  toArray,
} from 'rxjs'
import { describe, expect, test } from 'vitest'
import { assignTimestamps, merge, values } from '../../operators/index.ts'
import type { ChunkReader } from '../chunk-source.ts'
import { TidemarkError } from '../errors.ts'
import { failureOf } from '../fixtures/failure.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { unhandledRejections } from '../fixtures/unhandled-rejections.ts'
import { route, run } from '../run.ts'
import { sideOutput } from './side-output.ts'
import { defineSource } from './source.ts'
import { monotonous } from '../watermarks/monotonous.ts'

const boom = new Error('boom')
const inputError = new TidemarkError('input', 'scripted: boom', { cause: boom, operator: 'scripted' })

/** Numbers from 1, in chunks of two, without an end. */
class EndlessSource {
  opened = 0
  closed = 0
  readonly numbers: Observable<number> = defineSource<number>({
    name: 'endless',
    open: () => {
      this.opened += 1
      let n = 0
      return {
        read: () => ({ values: [++n, ++n] }),
        close: () => {
          this.closed += 1
        },
      }
    },
  })
}

/** Subscribes, and gives every notification. */
async function notifications<T>(observable: Observable<T>): Promise<unknown[]> {
  const log: unknown[] = []
  observable.subscribe({
    next: (value) => log.push(value),
    error: (error: unknown) => log.push(error),
    complete: () => log.push('complete'),
  })
  await turns()
  return log
}

describe('reading', () => {
  test('is one chunk ahead of what is processed, and no further', async () => {
    const source = new ScriptedSource<number>().give(1).give(2).give(3).give(4)
    const readAt: number[] = []
    let release = (): void => {}
    const job = run(source.values, async () => {
      readAt.push(source.reads)
      await new Promise<void>((resolve) => (release = resolve))
    })
    for (let n = 0; n < 4; n++) {
      await turns()
      release()
    }
    // While the nth is at the sink, the one behind it has been read.
    expect(readAt).toEqual([2, 3, 4, 5])
    source.end()
    await job.done
  })

  test('is not asked for while an answer is under way, however many turns other sources have', async () => {
    const slow = new ScriptedSource<number>('slow')
    const fast = new EndlessSource()
    const job = run([route(slow.values, () => {}), route(fast.numbers, () => {})])
    await turns(50)
    expect(slow.reads).toBe(1)
    slow.give(1)
    await turns(50)
    expect(slow.reads).toBe(2)
    await job.stop()
  })

  test('ends with closing the source, though others go on', async () => {
    const [short, long] = [new ScriptedSource<number>('short').give(1).end(), new ScriptedSource<number>('long')]
    const stream = assignTimestamps((n: number) => n, monotonous())
    const job = run(merge(stream(short.values), stream(long.values)), () => {})
    long.give(5)
    await turns()
    expect([short.closed, long.closed]).toEqual([1, 0])
    await job.stop()
    expect([short.closed, long.closed]).toEqual([1, 1])
  })

  test('empty chunks are no end', async () => {
    const source = new ScriptedSource<number>().give().give(1).give().give().give(2).end()
    expect(await notifications(source.values)).toEqual([1, 2, 'complete'])
  })

  test('each subscription opens the source anew', async () => {
    const source = new ScriptedSource<number>().give(1).end()
    await notifications(source.values)
    source.give(2).end()
    expect(await notifications(source.values)).toEqual([2, 'complete'])
    expect([source.opened, source.closed]).toEqual([2, 2])
  })
})

describe('an early end closes an endless source, once', () => {
  test('take in RxJS behind a subscription', async () => {
    const source = new EndlessSource()
    expect(await notifications(source.numbers.pipe(take(3)))).toEqual([1, 2, 3, 'complete'])
    expect([source.opened, source.closed]).toEqual([1, 1])
  })

  test('take within the pipeline of a run', async () => {
    const source = new EndlessSource()
    const taken: number[] = []
    const pipeline = source.numbers.pipe(
      take(3),
      assignTimestamps((n) => n, monotonous()),
      values(),
      take(2),
    )
    const metrics = await run(pipeline, (n) => void taken.push(n)).done
    expect(taken).toEqual([1, 2])
    expect([source.opened, source.closed]).toEqual([1, 1])
    expect(metrics.sources).toEqual([expect.objectContaining({ name: 'endless', ended: true })])
  })

  test('take of a stream', async () => {
    const source = new EndlessSource()
    const stream = source.numbers.pipe(assignTimestamps((n) => n, monotonous()))
    expect(await notifications(stream.pipe(take(2)))).toEqual([
      expect.objectContaining({ value: 1, time: 1 }),
      { kind: 'watermark', time: 1 },
      'complete',
    ])
    expect(source.closed).toBe(1)
  })

  test('while another branch of the job goes on', async () => {
    const source = new EndlessSource()
    const other = new ScriptedSource<number>()
    const job = run([route(source.numbers.pipe(take(1)), () => {}), route(other.values, () => {})])
    await turns()
    expect(source.closed).toBe(1)
    // What was read but came too late for `take` has not been handed on.
    expect(job.metrics().sources[0]).toMatchObject({ name: 'endless', read: 1, ended: true })
    other.end()
    await job.done
    expect([source.closed, other.closed]).toEqual([1, 1])
  })

  test('unsubscription before anything flows, and amid it', async () => {
    const before = new EndlessSource()
    before.numbers.subscribe().unsubscribe()
    const amid = new EndlessSource()
    const subscription = amid.numbers.subscribe()
    await turns(3)
    subscription.unsubscribe()
    await turns(3)
    expect([before.opened, before.closed]).toEqual([1, 1])
    expect([amid.opened, amid.closed]).toEqual([1, 1])
  })

  test('unsubscription while a read is under way, which never answers', async () => {
    const source = new ScriptedSource<number>()
    const subscription = source.values.subscribe()
    await turns()
    subscription.unsubscribe()
    await turns()
    expect([source.reads, source.closed]).toEqual([1, 1])
  })
})

describe('an error', () => {
  const sourceThat = (reader: Partial<ChunkReader<number>>): Observable<number> =>
    defineSource<number>({
      name: 'scripted',
      open: () => ({ read: () => undefined, close() {}, ...reader }),
    })

  test('of opening is the error of the subscriber and of the job', async () => {
    const unopened = defineSource<number>({
      name: 'scripted',
      open() {
        throw boom
      },
    })
    expect(await notifications(unopened)).toEqual([inputError])
    expect(await failureOf(run(unopened, () => {}).done)).toEqual(inputError)
  })

  test('of opening is told to those who listen to a side output as well', async () => {
    const refused = sideOutput<string>('refused')
    const log = notifications(refused)
    const opened = defineSource<number>({
      name: 'opened',
      open({ refusals }) {
        refusals(refused)
        return { read: () => undefined, close() {} }
      },
    })
    const unopened = defineSource<number>({
      name: 'scripted',
      open() {
        throw boom
      },
    })
    const stream = assignTimestamps((n: number) => n, monotonous())
    expect(await notifications(merge(stream(opened), stream(unopened)))).toEqual([inputError])
    expect(await log).toEqual([inputError])
  })

  test('of opening closes what was opened before', async () => {
    const unopened = defineSource<number>({
      name: 'scripted',
      open() {
        throw boom
      },
    })
    const [one, two] = [new ScriptedSource<number>(), new ScriptedSource<number>()]
    const stream = assignTimestamps((n: number) => n, monotonous())
    expect(await notifications(merge(stream(one.values), stream(unopened)))).toEqual([inputError])
    await failureOf(run(merge(stream(two.values), stream(unopened)), () => {}).done)
    expect([one.opened, one.closed, two.opened, two.closed]).toEqual([1, 1, 1, 1])
  })

  test.each([
    [
      'thrown',
      (): never => {
        throw boom
      },
    ],
    ['rejected', async (): Promise<never> => Promise.reject(boom)],
  ])('of reading is the error of the subscriber and of the job (%s)', async (_, read) => {
    let closed = 0
    const source = sourceThat({
      read,
      close() {
        closed += 1
      },
    })
    expect(await notifications(source)).toEqual([inputError])
    expect(await failureOf(run(source, () => {}).done)).toEqual(inputError)
    expect(closed).toBe(2)
  })

  test('of reading comes after all that was read before it, though that is read ahead', async () => {
    const taken: number[] = []
    const source = new ScriptedSource<number>().give(1, 2).give(3, 4).fail(boom)
    const slow = async (n: number): Promise<void> => {
      await turns(2)
      taken.push(n)
    }
    expect(await failureOf(run(source.values, slow).done)).toEqual(inputError)
    expect(taken).toEqual([1, 2, 3, 4])
    expect(await notifications(new ScriptedSource<number>().give(1, 2).fail(boom).values)).toEqual([1, 2, inputError])
  })

  test('of reading that is one of tidemark already stays what it is', async () => {
    const unparsable = new TidemarkError('unparsable', 'access.log:3: no')
    expect(await failureOf(run(new ScriptedSource<number>().fail(unparsable).values, () => {}).done)).toBe(unparsable)
  })

  test('of a read that was under way when the source was closed is nobody’s', async () => {
    const rejections = await unhandledRejections(async () => {
      const source = new ScriptedSource<number>()
      const subscription = source.values.subscribe()
      await turns()
      subscription.unsubscribe()
      source.fail(boom)
      await turns()
    })
    expect(rejections).toEqual([])
  })

  test.each([
    [
      'thrown',
      (): never => {
        throw boom
      },
    ],
    ['rejected', async (): Promise<never> => Promise.reject(boom)],
  ])('of closing at the end is the error of the job (%s)', async (_, close) => {
    expect(await failureOf(run(sourceThat({ close }), () => {}).done)).toEqual(inputError)
  })

  test('of closing amid the job is the error of the job', async () => {
    const other = new ScriptedSource<number>('other')
    const closing = sourceThat({
      read: () => ({ values: [1] }),
      close() {
        throw boom
      },
    })
    const job = run([route(closing.pipe(take(1)), () => {}), route(other.values, () => {})])
    expect(await failureOf(job.done)).toEqual(inputError)
    expect(other.closed).toBe(1)
  })

  test('of closing when no subscriber is left does not pass in silence', async () => {
    const source = sourceThat({
      read: () => ({ values: [1] }),
      close() {
        throw boom
      },
    })
    const rejections = await unhandledRejections(async () => {
      await firstValueFrom(source)
      await turns()
    })
    expect(rejections).toEqual([inputError])
  })
})

describe('RxJS around sources', () => {
  test('concat opens the next when the one before has ended and been closed', async () => {
    const log: string[] = []
    const file = (name: string, ...lines: string[]): Observable<string> =>
      defineSource<string>({
        name,
        open() {
          log.push(`open ${name}`)
          let chunk: { values: string[] } | undefined = { values: lines }
          return {
            read() {
              const next = chunk
              chunk = undefined
              return next
            },
            close() {
              log.push(`close ${name}`)
            },
          }
        },
      })
    const taken: string[] = []
    const pipeline = concat(file('a', '1', '2'), file('b', '3')).pipe(
      assignTimestamps((n) => Number(n), monotonous()),
      values(),
    )
    const metrics = await run(pipeline, (line) => void taken.push(line)).done
    expect(taken).toEqual(['1', '2', '3'])
    expect(log).toEqual(['open a', 'close a', 'open b', 'close b'])
    expect(metrics.sources.map(({ name, read, ended }) => [name, read, ended])).toEqual([
      ['a', 2, true],
      ['b', 1, true],
    ])
  })

  test('defer and repeat open it again in the same job', async () => {
    const source = new ScriptedSource<number>().give(1).end().give(2).end()
    const pipeline = defer(() => source.values).pipe(
      repeat(2),
      assignTimestamps((n) => n, monotonous()),
      values(),
      toArray(),
    )
    const taken: number[][] = []
    const metrics = await run(pipeline, (numbers) => void taken.push(numbers)).done
    expect(taken).toEqual([[1, 2]])
    expect([source.opened, source.closed]).toEqual([2, 2])
    expect(metrics.sources).toHaveLength(2)
  })

  test('retry opens it again after an error of an RxJS operator', async () => {
    // The second chunk has been read ahead when the first one fails.
    const source = new ScriptedSource<number>().give(1, -1, 2).give(9).give(3, 4).end()
    const pipeline = source.values.pipe(
      rxMap((n) => {
        if (n < 0) throw boom
        return n
      }),
      retry(1),
    )
    const taken: number[] = []
    await run(pipeline, (n) => void taken.push(n)).done
    expect([source.opened, source.closed]).toEqual([2, 2])
    expect(taken).toEqual([1, 3, 4])
  })

  test('an error of the source ends the job: neither retry nor catchError opens anything again', async () => {
    const retried = new ScriptedSource<number>().give(1).fail(boom)
    expect(await failureOf(run(retried.values.pipe(retry(3)), () => {}).done)).toEqual(inputError)
    expect([retried.opened, retried.closed]).toEqual([1, 1])
    let caught = 0
    const caughtError = new ScriptedSource<number>().fail(boom).values.pipe(
      catchError(() => {
        caught += 1
        return of(5)
      }),
    )
    expect(await failureOf(run(caughtError, () => {}).done)).toEqual(inputError)
    expect(caught).toBe(0)
  })
})

describe('what a source refuses', () => {
  test('is counted, and handed to the output where there is one', async () => {
    const refused = sideOutput<string>('refused')
    const sourceWith = (output: typeof refused | undefined): Observable<number> =>
      defineSource<number>({
        name: 'lines',
        open(context) {
          const refuse = context.refusals(output)
          let reads = 0
          return {
            async read() {
              await turns(1)
              refuse(`bad ${++reads}`)
              return reads < 3 ? { values: [reads] } : undefined
            },
            close() {},
          }
        },
      })
    const bad: string[] = []
    const one = await run([route(sourceWith(refused), () => {}), route(refused, (line) => void bad.push(line))]).done
    expect(bad).toEqual(['bad 1', 'bad 2', 'bad 3'])
    expect(one.sources[0]).toMatchObject({ read: 2, refused: 3 })
    const two = await run(sourceWith(undefined), () => {}).done
    expect(two.sources[0]).toMatchObject({ read: 2, refused: 3 })
  })

  test('is part of the job: what goes wrong behind the output is an error of the job and not of the reader', async () => {
    const refused = sideOutput<number>('refused')
    let readerSaw: unknown = 'nothing'
    const source = defineSource<number>({
      name: 'lines',
      open(context) {
        const refuse = context.refusals(refused)
        return {
          async read() {
            await turns(1)
            try {
              refuse(1)
            } catch (error) {
              readerSaw = error
            }
            return { values: [1] }
          },
          close() {},
        }
      },
    })
    const times = refused.pipe(
      assignTimestamps(() => {
        throw boom
      }, monotonous()),
    )
    const error = await failureOf(run([route(source, () => {}), route(times, () => {})]).done)
    expect(error).toMatchObject({ code: 'callback', message: 'assignTimestamps: boom' })
    expect(readerSaw).toBe('nothing')
  })
})
