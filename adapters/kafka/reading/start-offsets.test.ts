import { expect, test } from 'vitest'
import { VirtualClock } from '../../../lib/clock.ts'
import { memoryCluster } from '../memory/memory-cluster.ts'
import { startOffsets } from './start-offsets.ts'

const partitions = [0, 1].map((partition) => ({ topic: 'in', partition }))

test.each([
  ['earliest', [1, 2]],
  ['latest', [1, 3]],
  [2_000, [1, 3]],
] as const)('begins where the group has come to, and elsewhere at %s', async (otherwise, expected) => {
  const cluster = memoryCluster({ clock: new VirtualClock(10_000) })
  cluster.topic('in', 2)
  for (const { partition } of partitions) {
    for (const timestamp of [0, 1_000, 1_500])
      cluster.produce([{ topic: 'in', partition, key: undefined, value: Buffer.from('x'), timestamp }])
  }
  cluster.control.deleteBefore({ topic: 'in', partition: 1 }, 2)
  const driver = cluster.driver('one')
  await driver.commitOffsets({ groupId: 'group' }, [{ topic: 'in', partition: 0, offset: 1 }])
  const offsets = await startOffsets(driver, 'group', partitions, otherwise)
  expect(offsets.map(({ offset }) => offset)).toEqual(expected)
})

test('asks for nothing where there is nothing to ask', async () => {
  expect(await startOffsets(memoryCluster({ clock: new VirtualClock() }).driver('one'), 'group', [], 'latest')).toEqual(
    [],
  )
})
