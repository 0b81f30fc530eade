// What sources and sinks are told beside their values.
import { filter, take } from 'rxjs'
import { expect, test } from 'vitest'
import type { Chunk } from '../chunk-source.ts'
import { turns } from '../fixtures/turns.ts'
import { run } from '../run.ts'
import type { Observable } from '../rx.ts'
import type { Sink } from '../sink.ts'
import { sideOutput } from './side-output.ts'
import { defineSource } from './source.ts'

/** Numbers in chunks of two, which say when they have been taken. */
function numbers(log: string[], count: number): Observable<number> {
  return defineSource<number>({
    name: 'numbers',
    open() {
      let next = 0
      return {
        read(): Chunk<number> | undefined {
          if (next >= count) return undefined
          const chunk = next
          next += 2
          return { values: [chunk, chunk + 1], onTaken: () => log.push(`taken ${chunk}`) }
        },
        close() {},
      }
    },
  })
}

test('a chunk is taken when all of it has gone through, once, and before the next one', async () => {
  const log: string[] = []
  await run(numbers(log, 6), (n) => void log.push(`${n}`), { batchSize: 1 }).done
  // The sink is behind the pipeline.
  expect(log).toEqual(['0', 'taken 0', '1', '2', 'taken 2', '3', '4', 'taken 4', '5'])
})

test('so is a chunk of which nothing came out', async () => {
  const log: string[] = []
  await run(numbers(log, 4).pipe(filter(() => false)), () => {}).done
  expect(log).toEqual(['taken 0', 'taken 2'])
})

test('a chunk that was not gone through is not taken', async () => {
  const log: string[] = []
  const job = run(numbers(log, 6), async (n) => {
    log.push(`${n}`)
    if (n === 1) void job.stop()
    await turns(2)
  })
  await job.done
  expect(log).toEqual(['taken 0', '0', '1'])
  log.length = 0
  await run(numbers(log, 6).pipe(take(3)), () => {}).done
  expect(log).toEqual(['taken 0'])
})

test('a sink is opened once, before there is anything to write', async () => {
  const log: string[] = []
  const sink: Sink<number> = {
    name: 'logging',
    async open() {
      await turns(2)
      log.push('open')
    },
    write: (values) => void log.push(`write ${values.join(' ')}`),
    end: () => void log.push('end'),
  }
  await run(numbers([], 4), sink).done
  expect(log).toEqual(['open', 'write 0 1', 'write 2 3', 'end'])
  log.length = 0
  await run(numbers([], 0), sink).done
  expect(log).toEqual(['open', 'end'])
})

test('a refusal may stand for several', async () => {
  const output = sideOutput<string>('refused')
  const refused: string[] = []
  output.subscribe((what) => refused.push(what))
  const source = defineSource<number>({
    name: 'lossy',
    open({ refusals, clock }) {
      const refuse = refusals(output)
      return {
        read() {
          refuse('one')
          refuse('many', 41)
          return undefined
        },
        close: () => void clock.now(),
      }
    },
  })
  expect((await run(source, () => {}).done).sources[0]).toMatchObject({ refused: 42 })
  expect(refused).toEqual(['one', 'many'])
})
