// What a job sees of a reader is in kafka.test.ts; here are the endings and beginnings that it meets seldom.
import { expect, test } from 'vitest'
import { type Notice, run } from '../../../index.ts'
import { count } from '../../../lib/aggregates/count.ts'
import { boundedOutOfOrderness } from '../../../lib/watermarks/bounded-out-of-orderness.ts'
import { tumbling } from '../../../lib/windows/tumbling.ts'
import { assignTimestamps, panes, window } from '../../../operators/index.ts'
import { MemoryPlace } from '../fixtures/memory-job.ts'
import { kafka, toSourceSettings } from '../kafka.ts'
import { SourceReader } from './source-reader.ts'

function placeOf(...values: readonly string[]): MemoryPlace {
  const place = new MemoryPlace()
  place.cluster.topic('in', 1)
  for (const value of values) place.produce('in', 0, undefined, value)
  return place
}

test('a bounded read of a group goes on where the one before has ended, though that was before a commit was due', async () => {
  const place = placeOf('a', 'b')
  const { clock, onNotice, ...at } = place.at('nightly')
  const read = async (): Promise<readonly string[]> => {
    const seen: string[] = []
    const records = kafka({ ...at, topics: 'in', groupId: 'nightly', end: 'latest' })
    const { done } = run(records, ({ value }) => void seen.push(String(value)), { clock, onNotice })
    await place.pass()
    await done
    return seen
  }
  expect(await read()).toEqual(['a', 'b'])
  place.produce('in', 0, undefined, 'c')
  expect(await read()).toEqual(['c'])
  expect(await read()).toEqual([])
})

test('that results may be lost with the process is said once, where offsets are committed and events are held', async () => {
  const place = placeOf('1', '2')
  const notices: Notice[] = []
  const { clock, ...at } = place.at('reader')
  const counts = kafka({ ...at, topics: 'in', groupId: 'g', decode: ({ value }) => Number(value) }).pipe(
    assignTimestamps((n) => n, boundedOutOfOrderness(0)),
    window(tumbling(100), count()),
    panes(),
  )
  const job = run(counts, () => {}, { clock, onNotice: (notice) => void notices.push(notice) })
  await place.pass(2)
  place.produce('in', 0, undefined, '3')
  await place.pass(2)
  expect(notices).toEqual([
    {
      code: 'not-replayable',
      operator: 'kafka(in)',
      message: expect.stringMatching(
        /^kafka\(in\): commits the offsets of records that 'window' still holds/,
      ) as string,
    },
  ])
  await job.stop()
})

test('nothing is said where nothing is held, and in a job without a group', async () => {
  const place = placeOf('1')
  const notices: Notice[] = []
  const { clock, ...at } = place.at('reader')
  const onNotice = (notice: Notice): void => void notices.push(notice)
  const plain = run(kafka({ ...at, topics: 'in', groupId: 'g' }), () => {}, { clock, onNotice })
  const alone = run(
    kafka({ ...at, topics: 'in' }).pipe(
      assignTimestamps(() => 1, boundedOutOfOrderness(0)),
      window(tumbling(100), count()),
      panes(),
    ),
    () => {},
    { clock, onNotice },
  )
  await place.pass(6)
  expect(notices).toEqual([])
  await Promise.all([plain.stop(), alone.stop()])
})

test('what it could not be opened with is told to who reads later, too', async () => {
  const place = placeOf('a')
  const { clock, onNotice, ...connection } = place.at('reader')
  place.cluster.control.fail({ operation: 'offsets', kind: 'refused' })
  const settings = toSourceSettings('kafka', { ...connection, topics: 'in' })
  const context = {
    clock,
    isCheckpointed: false,
    notify: onNotice,
    holder: () => undefined,
    whenWritten: () => {},
    refusals: () => () => {},
    gaps: () => () => {},
  }
  const reader = new SourceReader(settings, context, undefined)
  await place.pass()
  await expect(Promise.resolve(reader.read())).rejects.toMatchObject({ kind: 'refused' })
  await reader.close()
})

test('metrics have how many records of each partition have not been handed on', async () => {
  const place = placeOf('a', 'b', 'c')
  place.cluster.topic('more', 1)
  const { clock, onNotice, ...at } = place.at('reader')
  let go: () => void = () => {}
  const blocked = new Promise<void>((resolve) => (go = resolve))
  const job = run(kafka({ ...at, topics: ['in', 'more'] }), () => blocked, { clock, onNotice })
  await place.pass()
  for (let i = 0; i < 10; i++) place.produce('more', 0, undefined, String(i))
  await place.pass()
  const lags = (): unknown => [...(job.metrics().sources[0]?.lags ?? [])]
  expect(lags()).toEqual([
    ['in-0', 0],
    ['more-0', expect.any(Number) as number],
  ])
  go()
  await place.pass()
  await place.pass()
  expect(lags()).toEqual([
    ['in-0', 0],
    ['more-0', 0],
  ])
  await job.stop()
})
