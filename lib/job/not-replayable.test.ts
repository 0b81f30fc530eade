// A job with checkpoints says aloud which of its sources can't be read again.
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { type Observable, repeat, share, Subject, take } from 'rxjs'
import { expect, test } from 'vitest'
import { lines } from '../../adapters/file/index.ts'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { from } from '../../adapters/node-stream/index.ts'
import { stdin } from '../../adapters/stdio/index.ts'
import { assignTimestamps, filter, merge } from '../../operators/index.ts'
import type { CheckpointOptions } from '../checkpoint/checkpoint-options.ts'
import { Fate, MemoryStore, nothingDurable } from '../checkpoint/fixtures/crashing.ts'
import type { Stream } from '../element.ts'
import { turns } from '../fixtures/turns.ts'
import { run } from '../run.ts'
import { monotonous } from '../watermarks/monotonous.ts'
import { defineSource } from '../wiring/source.ts'
import type { Notice } from './notice.ts'

const numbers = fromIterable([1, 2, 3, 4, 5], { chunkSize: 2 })

function checkpointInMemory(): CheckpointOptions {
  return { dir: 'memory', store: () => new MemoryStore(nothingDurable(), new Fate()) }
}

function timed(source: Observable<number>): Stream<number, undefined, undefined> {
  return source.pipe(assignTimestamps((n) => n, monotonous()))
}

/** A value without a position, each time it is opened. */
function scripted(): Observable<number> {
  return defineSource({
    name: 'again',
    open() {
      const chunks = [{ values: [1] }]
      return { read: () => chunks.pop(), close() {} }
    },
  })
}

/** What a job says of its sources when it has checkpoints, and when it has none. */
async function said(source: () => Observable<unknown>): Promise<readonly (readonly string[])[]> {
  const both = []
  for (const checkpoint of [{ checkpoint: checkpointInMemory() }, {}]) {
    const notices: Notice[] = []
    const job = run(source(), () => {}, { ...checkpoint, onNotice: (notice) => notices.push(notice) })
    await turns()
    await job.drain()
    expect(notices.every(({ code }) => code === 'not-replayable')).toBe(true)
    both.push(notices.map(({ operator }) => operator))
  }
  return both
}

test.each<readonly [string, () => Observable<unknown>, readonly string[]]>([
  ['from a Readable', () => from(Readable.from([1])), ['readable']],
  ['standard input', () => stdin({ readable: Readable.from([Buffer.from('a\nb\n')]) }), ['stdin']],
  ['a Subject', () => new Subject(), ['an RxJS observable']],
  [
    'several',
    () => merge(timed(from(Readable.from([1]))), timed(new Subject<number>())),
    ['an RxJS observable', 'readable'],
  ],
  ['one that is opened again', () => scripted().pipe(repeat(3)), ['again']],
])('that what is read can not be had again: %s', async (_, source, expected) => {
  expect(await said(source)).toEqual([expected, []])
})

test.each<readonly [string, () => Observable<unknown>]>([
  ['an iterable', () => numbers],
  ['an iterable behind operators of RxJS', () => numbers.pipe(share(), take(3))],
  [
    'a source that is shared',
    () => {
      const shared = timed(numbers).pipe(share())
      return merge(shared.pipe(filter(() => true)), shared.pipe(filter(() => false)))
    },
  ],
  ['the lines of a file', () => lines(fileURLToPath(import.meta.url))],
  ['a source without a value', () => from(Readable.from([]))],
])('nothing of %s', async (_, source) => {
  expect(await said(source)).toEqual([[], []])
})

test('in words', async () => {
  const notices: Notice[] = []
  const checkpoint = checkpointInMemory()
  await run(from(Readable.from([1])), () => {}, { checkpoint, onNotice: (notice) => notices.push(notice) }).done
  expect(notices.map(({ message }) => message)).toEqual([
    "readable: gives values without a position, so that a job which goes on from its checkpoint can't ask for them again: after a crash, those since the last checkpoint are missing, or all are counted again if the source begins anew",
  ])
})
