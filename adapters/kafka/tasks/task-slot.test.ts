import { expect, test } from 'vitest'
import { VirtualClock } from '../../../lib/clock.ts'
import { turns } from '../../../lib/fixtures/turns.ts'
import { KafkaError } from '../kafka-error.ts'
import { memoryCluster } from '../memory/memory-cluster.ts'
import type { TaskEvent } from './task-event.ts'
import { type SlotHost, TaskSlot } from './task-slot.ts'

/** A slot whose tasks fail with what a test says, before they have begun. */
function failing(error: Error): { readonly slot: TaskSlot; readonly clock: VirtualClock; readonly log: string[] } {
  const clock = new VirtualClock()
  const log: string[] = []
  const driver = memoryCluster({ clock }).driver('one')
  const host: SlotHost = {
    // The pipeline is not made before the producer is open.
    plan: { groupId: 'group', isExactlyOnce: true } as SlotHost['plan'],
    driver: {
      ...driver,
      producer: () => ({
        open: () => Promise.reject(error),
        send: async () => {},
        commit: async () => {},
        abort: async () => {},
        close: async () => {},
      }),
    },
    partitions: 1,
    clock,
    identity: undefined,
    happened: ({ kind }: TaskEvent) => void log.push(`${clock.now()} ${kind}`),
    failed: (failure) => void log.push(`failed: ${String(failure)}`),
  }
  return { slot: new TaskSlot(host, 0), clock, log }
}

test('a task begins anew after what passes, less and less often while it does not get anywhere', async () => {
  const { slot, clock, log } = failing(new KafkaError('unavailable', 'away'))
  for (let time = 0; time <= 30_000; time += 100) {
    clock.advanceTo(time)
    await turns(5)
  }
  expect(log.map((line) => Number(line.split(' ')[0]))).toEqual([0, 200, 600, 1_400, 3_000, 6_200, 12_600, 22_600])
  await slot.stop()
})

test.each([
  ['the cause of an error of the job', new KafkaError('refused', 'no')],
  ['no error of the cluster at all', new Error('broken')],
])('what does not pass ends it: %s', async (_, error) => {
  const { slot, clock, log } = failing(error)
  await turns(5)
  clock.advanceTo(60_000)
  await turns(5)
  expect(log).toEqual([`failed: ${String(error)}`])
  await slot.drop()
})

test('one that waits to begin anew can be stopped at once', async () => {
  const { slot, log } = failing(new KafkaError('fenced', 'others'))
  await turns(5)
  await slot.stop()
  expect(log).toEqual(['0 restarted'])
})
