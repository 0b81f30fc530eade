// At least once: a checkpoint is taken only when everything before it has left the process. What still waits in a stream when the process
// dies comes again.
import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { Fate, MemoryStore, nothingDurable } from '../../lib/checkpoint/fixtures/crashing.ts'
import { turns } from '../../lib/fixtures/turns.ts'
import { run } from '../../lib/run.ts'
import type { Sink } from '../../lib/sink.ts'
import { fromIterable } from '../iterable/index.ts'
import { toWritable } from '../node-stream/index.ts'
import { ndjson, text } from './index.ts'

/** A stream that has room for everything, and lets go of nothing before it is told to. */
function hesitant(): { readonly writable: Writable; readonly letGo: () => void } {
  const waiting: (() => void)[] = []
  let isFree = false
  const writable = new Writable({
    objectMode: true,
    highWaterMark: 1_000,
    write(_, __, callback) {
      if (isFree) callback()
      else waiting.push(callback)
    },
  })
  const letGo = (): void => {
    isFree = true
    for (const callback of waiting) callback()
  }
  return { writable, letGo }
}

test.each<readonly [string, (writable: Writable) => Sink<number>]>([
  ['text', (writable) => text(writable, String)],
  ['ndjson', ndjson],
  ['toWritable', (writable) => toWritable(writable)],
  ['toWritable, of a stream that stays open', (writable) => toWritable(writable, { end: false })],
  ['toWritable, of a web stream', (writable) => toWritable<number>(Writable.toWeb(writable))],
])('%s', async (_, sink) => {
  const durable = nothingDurable()
  const { writable, letGo } = hesitant()
  const checkpoint = { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) }
  const job = run(fromIterable([1, 2, 3], { chunkSize: 1 }), sink(writable), { batchSize: 1, checkpoint })
  await turns(20)
  const stopped = job.stop()
  await turns(20)
  // The one before anything is written.
  expect(durable.epoch).toBe(1)
  letGo()
  await stopped
  expect(durable.epoch).toBe(2)
})
