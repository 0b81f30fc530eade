import { expect, test } from 'vitest'
import { FakeCoordinator } from '../fixtures/fake-coordinator.ts'
import { type MemberSettings, SimulatedMember } from '../fixtures/simulated-member.ts'
import { SimulatedTime } from '../fixtures/simulated-time.ts'

const protocols = ['classic', 'cooperative', 'consumer'] as const
const all = 'orders:0 orders:1 orders:2 orders:3 payments:0 payments:1 payments:2 payments:3'
const front = 'orders:0 orders:1 payments:0 payments:1'
const back = 'orders:2 orders:3 payments:2 payments:3'

interface World {
  readonly time: SimulatedTime
  readonly coordinator: FakeCoordinator
  join(name: string, settings: MemberSettings): SimulatedMember
}

function newWorld(): World {
  const time = new SimulatedTime()
  const coordinator = new FakeCoordinator(time, { orders: 4, payments: 4 })
  return { time, coordinator, join: (name, settings) => new SimulatedMember(name, time, coordinator, settings) }
}

function memberIdsOf({ coordinator }: World): string[] {
  return [...coordinator.classic.memberIds, ...coordinator.consumer.memberIds]
}

test('classic: gives up everything at each rebalance', async () => {
  const { time, join } = newWorld()
  const one = join('one', { protocol: 'classic' })
  await time.run(10_000)
  const two = join('two', { protocol: 'classic' })
  await time.run(10_000)
  void two.member.close()
  await time.run(10_000)
  expect(one.listener.calls).toEqual([
    `assigned ${all}`,
    `revoked ${all}`,
    `assigned ${front}`,
    `revoked ${front}`,
    `assigned ${all}`,
  ])
  expect(two.listener.calls).toEqual([`assigned ${back}`, `revoked ${back}`])
  expect(one.member.rebalances).toBe(5)
})

test.each(['cooperative', 'consumer'] as const)('%s: gives up only what moves', async (protocol) => {
  const { time, join } = newWorld()
  const one = join('one', { protocol })
  await time.run(10_000)
  const two = join('two', { protocol })
  await time.run(10_000)
  void two.member.close()
  await time.run(10_000)
  expect(one.listener.calls).toEqual([`assigned ${all}`, `revoked ${back}`, `assigned ${back}`])
  expect(two.listener.calls).toEqual([`assigned ${back}`, `revoked ${back}`])
})

test.each(protocols)('%s: others wait until what moves has been given up, and heartbeats go on', async (protocol) => {
  const { time, join } = newWorld()
  let pace = 0
  const one = join('one', { protocol, pace: () => pace, rebalanceTimeout: 30_000 })
  await time.run(10_000)
  pace = 20_000
  const two = join('two', { protocol, rebalanceTimeout: 30_000 })
  await time.run(20_000)
  expect([one.owned.length, two.owned.length]).toEqual([8, 0])
  pace = 0
  await time.run(10_000)
  expect([one.owned.length, two.owned.length]).toEqual([4, 4])
  expect(one.listener.calls.join()).not.toContain('lost')
})

test.each(['classic', 'consumer'] as const)(
  '%s: who takes longer than the rebalance timeout is left out',
  async (protocol) => {
    const { time, join } = newWorld()
    let pace = 0
    const one = join('one', { protocol, pace: () => pace })
    await time.run(10_000)
    pace = 20_000
    const two = join('two', { protocol })
    await time.run(15_000)
    expect(one.member.identity).toBeUndefined()
    expect(two.owned.length).toBe(8)
    pace = 0
    await time.run(20_000)
    expect([one.owned.length, two.owned.length]).toEqual([4, 4])
  },
)

test.each(protocols)(
  '%s: a member that stood still hears that it has lost everything before anything else',
  async (protocol) => {
    const { time, join } = newWorld()
    const one = join('one', { protocol })
    await time.run(10_000)
    one.process.suspend()
    const two = join('two', { protocol })
    await time.run(20_000)
    expect(two.owned.length).toBe(8)
    const before = one.listener.calls.length
    expect(one.member.identity).toBeUndefined()
    one.process.resume()
    await time.run(0)
    expect(one.listener.calls.slice(before)).toEqual([`lost ${all}`])
    await time.run(20_000)
    expect([one.owned.length, two.owned.length]).toEqual([4, 4])
  },
)

test.each(protocols)(
  '%s: silence of the coordinator is told, and ends the session at its timeout',
  async (protocol) => {
    const { time, coordinator, join } = newWorld()
    const one = join('one', { protocol })
    await time.run(10_000)
    coordinator.refuses = 'COORDINATOR_NOT_AVAILABLE'
    await time.run(3_900)
    expect(one.owned.length).toBe(8)
    expect(one.troubles[0]).toMatchObject({ what: 'heartbeat of group group', attempts: 2 })
    await time.run(2_100)
    expect(one.listener.calls).toEqual([`assigned ${all}`, `lost ${all}`])
    coordinator.refuses = undefined
    await time.run(20_000)
    expect(one.owned.length).toBe(8)
  },
)

test.each(protocols)('%s: a short silence of the coordinator changes nothing', async (protocol) => {
  const { time, coordinator, join } = newWorld()
  const one = join('one', { protocol })
  await time.run(10_000)
  coordinator.refuses = 'NOT_COORDINATOR'
  await time.run(3_000)
  coordinator.refuses = undefined
  await time.run(20_000)
  expect(one.listener.calls).toEqual([`assigned ${all}`])
})

test.each(protocols)('%s: leaves when it is closed, after it has given up everything', async (protocol) => {
  const world = newWorld()
  let pace = 0
  const one = world.join('one', { protocol, pace: () => pace })
  await world.time.run(10_000)
  pace = 4_000
  let isClosed = false
  void one.member.close().then(() => {
    isClosed = true
  })
  await world.time.run(3_900)
  expect([isClosed, memberIdsOf(world).length]).toEqual([false, 1])
  expect(one.member.identity).toBeDefined()
  await world.time.run(200)
  expect([isClosed, memberIdsOf(world).length]).toEqual([true, 0])
  expect(one.member.identity).toBeUndefined()
  expect(one.listener.calls).toEqual([`assigned ${all}`, `revoked ${all}`])
})

test.each(protocols)('%s: can be closed before it has joined, and twice', async (protocol) => {
  const world = newWorld()
  const one = world.join('one', { protocol })
  const closed = Promise.all([one.member.close(), one.member.close()])
  await world.time.run(10_000)
  await closed
  expect(one.listener.calls).toEqual([])
  expect(memberIdsOf(world)).toEqual([])
})

test.each(protocols)(
  '%s: a static member has its partitions again after a restart, and nobody else notices',
  async (protocol) => {
    const { time, join } = newWorld()
    const one = join('one', { protocol, instanceId: 'i1' })
    const two = join('two', { protocol, instanceId: 'i2' })
    await time.run(20_000)
    const [before, heard] = [one.owned, two.listener.calls.length]
    void one.member.close()
    await time.run(2_000)
    expect(one.owned).toEqual([])
    const again = join('again', { protocol, instanceId: 'i1' })
    await time.run(20_000)
    expect(again.owned.toSorted()).toEqual(before.toSorted())
    expect(two.listener.calls.length).toBe(heard)
  },
)

test.each(['classic', 'cooperative'] as const)(
  '%s: of two with one instance id the first one fails',
  async (protocol) => {
    const { time, join } = newWorld()
    const one = join('one', { protocol, instanceId: 'same' })
    await time.run(10_000)
    const two = join('two', { protocol, instanceId: 'same' })
    await time.run(10_000)
    expect(one.listener.calls).toEqual([`assigned ${all}`, `lost ${all}`, 'failed'])
    expect(one.listener.failures[0]).toMatchObject({ name: 'KafkaError', kind: 'fenced' })
    expect(String(one.listener.failures[0])).toContain("another member has the instance id 'same'")
    expect(two.owned.length).toBe(8)
  },
)

test('consumer: an instance id of a killed process is waited for, of a living one not for ever', async () => {
  const { time, join } = newWorld()
  const one = join('one', { protocol: 'consumer', instanceId: 'same' })
  await time.run(10_000)
  one.process.kill()
  const two = join('two', { protocol: 'consumer', instanceId: 'same' })
  await time.run(10_000)
  expect(two.troubles[0]?.message).toContain("'same' is in use")
  expect(two.owned.length).toBe(8)
  const three = join('three', { protocol: 'consumer', instanceId: 'same' })
  await time.run(50_000)
  expect(three.listener.failures).toEqual([])
  await time.run(20_000)
  expect(String(three.listener.failures[0])).toContain("another member has the instance id 'same'")
})

test.each(protocols)('%s: what does not go away by itself is a failure, and the end', async (protocol) => {
  const { time, coordinator, join } = newWorld()
  const one = join('one', { protocol })
  await time.run(10_000)
  coordinator.refuses = 'GROUP_AUTHORIZATION_FAILED'
  await time.run(10_000)
  coordinator.refuses = undefined
  await time.run(30_000)
  expect(one.listener.calls).toEqual([`assigned ${all}`, `lost ${all}`, 'failed'])
  expect(one.listener.failures[0]).toMatchObject({
    kind: 'refused',
    message: "group 'group': not allowed to be a member of it",
  })
  await one.member.close()
})

test('members that share in another way are refused', async () => {
  const { time, join } = newWorld()
  join('one', { protocol: 'classic' })
  await time.run(10_000)
  const [two, three] = [
    join('two', { protocol: 'cooperative' }),
    join('three', { protocol: 'classic', keepsTogether: false }),
  ]
  await time.run(10_000)
  expect(String(two.listener.failures[0])).toContain("this one does (protocol 'cooperative', partitions kept together)")
  expect(String(three.listener.failures[0])).toContain("this one does (protocol 'classic', partitions apart)")
})

test.each(protocols)('%s: a listener that throws is the end of the membership', async (protocol) => {
  const world = newWorld()
  const one = world.join('one', { protocol })
  one.listener.pause = (call) => (call === 'assigned' ? Promise.reject(new Error('disk full')) : undefined)
  await world.time.run(10_000)
  expect(one.listener.calls).toEqual([`assigned ${all}`, `lost ${all}`, 'failed'])
  expect(String(one.listener.failures[0])).toContain('disk full')
  expect(memberIdsOf(world)).toEqual([])
})

test.each(protocols)('%s: new partitions are given out', async (protocol) => {
  const { time, coordinator, join } = newWorld()
  const one = join('one', { protocol })
  await time.run(10_000)
  coordinator.counts.set('orders', 5)
  coordinator.consumer.changed()
  await time.run(40_000)
  expect(one.owned).toContain('orders:4')
})

test.each(['classic', 'cooperative'] as const)(
  '%s: a leader that comes back sees that topics have grown meanwhile',
  async (protocol) => {
    const { time, coordinator, join } = newWorld()
    const one = join('one', { protocol, instanceId: 'i1' })
    await time.run(10_000)
    void one.member.close()
    await time.run(1_000)
    coordinator.counts.set('orders', 5)
    const again = join('again', { protocol, instanceId: 'i1' })
    await time.run(40_000)
    expect(again.owned).toContain('orders:4')
  },
)

test('cooperative: what a member still had to give up when it was restarted is given out later', async () => {
  const { time, join } = newWorld()
  let pace = 0
  const one = join('one', { protocol: 'cooperative', instanceId: 'i1', pace: () => pace })
  await time.run(10_000)
  pace = 5_000
  const two = join('two', { protocol: 'cooperative', instanceId: 'i2' })
  await time.run(5_000)
  one.process.kill()
  const again = join('again', { protocol: 'cooperative', instanceId: 'i1' })
  await time.run(5_000)
  expect([again.owned.length, two.owned.length]).toEqual([4, 0])
  await time.run(35_000)
  expect([again.owned.length, two.owned.length]).toEqual([4, 4])
})

test.each(protocols)('%s: is at the generation of the group, also where it has kept what it had', async (protocol) => {
  const { time, coordinator, join } = newWorld()
  const one = join('one', { protocol })
  expect(one.member.identity).toBeUndefined()
  for (const name of ['two', 'three']) {
    await time.run(10_000)
    const { generation } = protocol === 'consumer' ? { generation: coordinator.consumer.epoch } : coordinator.classic
    expect(one.member.identity).toMatchObject({ groupId: 'group', instanceId: undefined, generation })
    join(name, { protocol })
  }
})

test('consumer: says that it has given up what it had not taken up yet', async () => {
  const { time, coordinator, join } = newWorld()
  for (const topic of ['orders', 'payments']) coordinator.counts.set(topic, 1)
  coordinator.beforeTopics = () => new Promise((resolve) => void time.at(time.now() + 3_000, resolve))
  const second = join('b', { protocol: 'consumer' })
  await time.run(500)
  const first = join('a', { protocol: 'consumer' })
  await time.run(8_000)
  expect([first.owned.length, second.owned.length]).toEqual([2, 0])
  expect([...first.listener.calls, ...second.listener.calls]).toEqual(['assigned orders:0 payments:0'])
})

test('consumer: is not out before some of the heartbeats that the coordinator wants have gone unanswered', async () => {
  const { time, coordinator, join } = newWorld()
  const one = join('one', { protocol: 'consumer', sessionTimeout: 1_500 })
  await time.run(10_000)
  coordinator.refuses = 'COORDINATOR_NOT_AVAILABLE'
  await time.run(1_900)
  expect(one.owned.length).toBe(8)
  await time.run(1_200)
  expect(one.listener.calls).toEqual([`assigned ${all}`, `lost ${all}`])
})

test('consumer: tells everything when it joins and after something went wrong, and little otherwise', async () => {
  const { time, coordinator, join } = newWorld()
  const told: boolean[] = []
  const answer = coordinator.consumerHeartbeat.bind(coordinator)
  coordinator.consumerHeartbeat = async (request) => {
    told.push(request.subscription !== undefined && request.owned !== undefined)
    return await answer(request)
  }
  join('one', { protocol: 'consumer' })
  await time.run(5_000)
  expect([told[0], told.filter((isAll) => isAll).length, told.length > 3]).toEqual([true, 1, true])
  coordinator.refuses = 'NOT_COORDINATOR'
  await time.run(1_000)
  coordinator.refuses = undefined
  told.splice(0)
  await time.run(5_000)
  expect(told.filter((isAll) => isAll).length).toBe(1)
})
