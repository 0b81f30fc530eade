import { expect, test } from 'vitest'
import { FakeCoordinator } from '../fixtures/fake-coordinator.ts'
import { type MemberSettings, SimulatedMember } from '../fixtures/simulated-member.ts'
import { SimulatedTime } from '../fixtures/simulated-time.ts'

const protocols = ['classic', 'cooperative', 'consumer'] as const

function world(counts: Readonly<Record<string, number>> = { orders: 4, payments: 4 }) {
  const time = new SimulatedTime()
  const coordinator = new FakeCoordinator(time, counts)
  const join = (name: string, settings: MemberSettings): SimulatedMember =>
    new SimulatedMember(name, time, coordinator, settings)
  return { time, coordinator, join }
}

test.each(protocols)('%s: takes all, shares, and takes again', async (protocol) => {
  const { time, join } = world()
  const one = join('one', { protocol })
  await time.run(10_000)
  expect(one.owned.length).toBe(8)
  const two = join('two', { protocol })
  await time.run(10_000)
  expect([one.owned.length, two.owned.length]).toEqual([4, 4])
  const closed = two.member.close()
  await time.run(10_000)
  await closed
  expect(one.owned.length).toBe(8)
  console.log(one.listener.calls, two.listener.calls)
})
