// What comes of it behind the topic is in repartition.test.ts; here is what is written.
import { expect, test } from 'vitest'
import { VirtualClock } from '../../../lib/clock.ts'
import { event, idle, watermark } from '../../../lib/element.ts'
import { keyBytes, partitionOf } from '../key-bytes.ts'
import { memoryCluster, type MemoryCluster } from '../memory/memory-cluster.ts'
import { RecordWriter } from '../record-writer.ts'
import { ExchangeSink } from './exchange-sink.ts'
import { exchangedOf } from './exchanged.ts'

const partitions = 2

function keyIn(partition: number): string {
  for (let n = 0; ; n++) if (partitionOf(keyBytes(`k${n}`), partitions) === partition) return `k${n}`
}

function sinkOf(): { readonly sink: ExchangeSink<string, undefined, undefined, 1>; readonly written: () => unknown } {
  const cluster: MemoryCluster = memoryCluster({ clock: new VirtualClock() })
  cluster.topic('through', partitions)
  const driver = cluster.driver('one')
  const writer = new RecordWriter(driver, driver.producer({}))
  const sink = new ExchangeSink<string, undefined, undefined, 1>({
    topic: 'through',
    from: 7,
    partitions,
    // So 'a' is in partition 0 and 'b' in partition 1.
    keyOf: (value) => keyIn(value === 'a' ? 0 : 1),
    writer,
  })
  const written = (): unknown =>
    cluster.records('through').map(({ partition, value }) => {
      const what = exchangedOf(value)
      return `${partition}: ${what.length === 3 ? (what[2] ? 'idle' : 'at') : String(what[5])} ${what[1]}`
    })
  return { sink, written }
}

test('each event has the watermark before it, and a commit says it where that is not known', async () => {
  const { sink, written } = sinkOf()
  await sink.write([event('a', 5), watermark(3), event('b', 9), watermark(7)])
  await sink.prepare()
  expect(written()).toEqual(['0: a -Infinity', '0: at 7', '1: b 3', '1: at 7'])
})

test('a commit says nothing that is known', async () => {
  const { sink, written } = sinkOf()
  await sink.write([watermark(3), event('a', 5)])
  await sink.prepare()
  expect(written()).toEqual(['0: a 3', '1: at 3'])
  await sink.prepare()
  await sink.prepare()
  expect(written()).toEqual(['0: a 3', '1: at 3'])
})

test('says that it is idle, and not any more', async () => {
  const { sink, written } = sinkOf()
  await sink.write([watermark(3), idle])
  await sink.prepare()
  expect(written()).toEqual(['0: idle 3', '1: idle 3'])
  await sink.write([event('a', 5)])
  await sink.prepare()
  expect(written()).toEqual(['0: idle 3', '0: a 3', '1: idle 3', '1: at 3'])
})

test('says that it has ended', async () => {
  const { sink, written } = sinkOf()
  await sink.end()
  expect(written()).toEqual(['0: at Infinity', '1: at Infinity'])
})
