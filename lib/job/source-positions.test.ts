// A source whose values are numbered says where to go on behind each of them, and is told what has become of them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Chunk } from '../chunk-source.ts'
import { turns } from '../fixtures/turns.ts'
import { run } from '../run.ts'
import { defineSource, type SourceContext } from '../wiring/source.ts'

const root = mkdtempSync(join(tmpdir(), 'tidemark-positions-'))
afterAll(() => rmSync(root, { recursive: true }))

/** Numbers from a position on, three in a chunk, with what the source is told and asked. */
class Numbers {
  readonly opened: unknown[] = []
  readonly acknowledged: unknown[] = []
  readonly written: number[] = []
  readonly isCheckpointed: boolean[] = []
  readonly end: number

  constructor(end: number) {
    this.end = end
  }

  readonly values = defineSource<number>({
    name: 'numbers',
    open: (context: SourceContext, position) => {
      this.opened.push(position)
      this.isCheckpointed.push(context.isCheckpointed)
      let next = (position ?? 0) as number
      return {
        read: (): Chunk<number> | undefined => {
          if (next >= this.end) return undefined
          const start = next
          next = Math.min(this.end, next + 3)
          const values = Array.from({ length: next - start }, (_, i) => start + i)
          return {
            values,
            position: start,
            positionAt: (taken) => start + taken,
            onTaken: () => context.whenWritten(() => void this.written.push(start + values.length)),
          }
        },
        acknowledge: (at) => void this.acknowledged.push(at),
        lags: () => new Map([['all', this.end - next]]),
        close() {},
      }
    },
  })
}

test('a checkpoint amid a chunk has the place of the next value, and nothing is read to be passed over', async () => {
  const dir = join(root, 'amid')
  const numbers = new Numbers(9)
  const seen: number[] = []
  const first = run(
    numbers.values,
    (value) => {
      seen.push(value)
      // In the second chunk.
      if (value === 4) void first.stop()
    },
    { checkpoint: { dir }, batchSize: 1 },
  )
  await first.done
  expect(seen).toEqual([0, 1, 2, 3, 4])
  expect(numbers.acknowledged.at(-1)).toBe(5)
  const rest: number[] = []
  await run(numbers.values, (value) => void rest.push(value), { checkpoint: { dir } }).done
  expect(rest).toEqual([5, 6, 7, 8])
  expect(numbers.opened).toEqual([undefined, 5])
  expect(numbers.isCheckpointed).toEqual([true, true])
})

test('a checkpoint that was not taken is not acknowledged', async () => {
  const numbers = new Numbers(3)
  const broken = {
    open: async () => undefined,
    commit: () => Promise.reject(new Error('full')),
    close: async () => {},
  }
  const job = run(numbers.values, () => {}, { checkpoint: { dir: root, store: () => broken } })
  await expect(job.done).rejects.toThrow('full')
  expect(numbers.acknowledged).toEqual([])
})

test('values are written when the sink has taken what came of them, and never if it fails', async () => {
  const numbers = new Numbers(6)
  const order: string[] = []
  let go: () => void = () => {}
  const job = run(
    numbers.values,
    async (value) => {
      if (value === 3) await new Promise<void>((resolve) => (go = resolve))
      if (value === 5) throw new Error('no more')
      order.push(String(value))
    },
    { batchSize: 3 },
  )
  await turns(20)
  expect(order).toEqual(['0', '1', '2'])
  expect(numbers.written).toEqual([3])
  expect(job.metrics().sources[0]).toMatchObject({ lags: new Map([['all', 0]]), position: 3 })
  go()
  await expect(job.done).rejects.toThrow('no more')
  expect(numbers.written).toEqual([3])
})
