// At least once: a checkpoint is taken only when everything before it has left the process. What still waits in a stream when the process
// dies comes again.
import { Writable } from 'node:stream'
import { WritableStream } from 'node:stream/web'
import { expect, test } from 'vitest'
import { Fate, MemoryStore, nothingDurable } from '../../lib/checkpoint/fixtures/crashing.ts'
import { turns } from '../../lib/fixtures/turns.ts'
import { run } from '../../lib/run.ts'
import type { Sink } from '../../lib/sink.ts'
import { fromIterable } from '../iterable/index.ts'
import { toWritable } from '../node-stream/index.ts'
import { ndjson, text } from './index.ts'

/** Lets go of nothing before it is told to. */
class Gate {
  readonly #waiting: (() => void)[] = []
  #isOpen = false

  readonly pass = (goOn: () => void): void => {
    if (this.#isOpen) goOn()
    else this.#waiting.push(goOn)
  }

  open(): void {
    this.#isOpen = true
    for (const goOn of this.#waiting) goOn()
  }
}

const highWaterMark = 1_000

function nodeStream(gate: Gate): Writable {
  return new Writable({ objectMode: true, highWaterMark, write: (_, __, callback) => gate.pass(callback) })
}

function webStream(gate: Gate): WritableStream<number> {
  return new WritableStream<number>({ write: () => new Promise<void>(gate.pass) }, { highWaterMark })
}

function* naturals(): Generator<number> {
  for (let n = 0; ; n++) yield n
}

test.each<readonly [string, (gate: Gate) => Sink<number>]>([
  ['text', (gate) => text(nodeStream(gate), String)],
  ['ndjson', (gate) => ndjson(nodeStream(gate))],
  ['toWritable', (gate) => toWritable(nodeStream(gate))],
  ['toWritable, of a stream that stays open', (gate) => toWritable(nodeStream(gate), { end: false })],
  ['toWritable, of a web stream', (gate) => toWritable(webStream(gate))],
])('%s', async (_, sink) => {
  const durable = nothingDurable()
  const gate = new Gate()
  const checkpoint = { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) }
  const job = run(fromIterable(naturals(), { chunkSize: 1 }), sink(gate), { batchSize: 1, checkpoint })
  await turns(20)
  const stopped = job.stop()
  await turns(20)
  // The one before anything is written.
  expect(durable.epoch).toBe(1)
  gate.open()
  await stopped
  expect(durable.epoch).toBe(2)
})
