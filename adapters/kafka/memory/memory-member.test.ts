import { describe, expect, it } from 'vitest'
import { VirtualClock } from '../../../lib/clock.ts'
import { Spy } from './fixtures/spy.ts'
import { memoryCluster } from './memory-cluster.ts'

const session = 10_000

function clusterOf(partitions: number): { clock: VirtualClock; cluster: ReturnType<typeof memoryCluster> } {
  const clock = new VirtualClock()
  const cluster = memoryCluster({ clock, sessionTimeout: session })
  cluster.topic('in', partitions)
  return { clock, cluster }
}

describe.each(['classic', 'cooperative', 'consumer'] as const)('members: %s', (protocol) => {
  it('share partitions, and take over from who is silent for the time of a session', async () => {
    const { clock, cluster } = clusterOf(4)
    const { control } = cluster
    const a = new Spy(cluster.driver('a'), { protocol })
    await control.settled()
    const b = new Spy(cluster.driver('b'), { protocol })
    await control.settled()
    expect(a.heard.slice(0, 2)).toEqual([
      'assigned in-0 in-1 in-2 in-3',
      protocol === 'classic' ? 'revoked in-0 in-1 in-2 in-3' : 'revoked in-2 in-3',
    ])
    expect([[...a.has], [...b.has]]).toEqual([
      ['in-0', 'in-1'],
      ['in-2', 'in-3'],
    ])
    control.suspend('a')
    clock.advanceTo(session - 1)
    await control.settled()
    expect(b.has.size).toBe(2)
    clock.advanceTo(session)
    await control.settled()
    expect([a.has.size, b.has.size]).toEqual([2, 4])
    control.wake('a')
    await control.settled()
    expect(a.heard).toContain('lost in-0 in-1')
    expect([a.has.size, b.has.size]).toEqual([2, 2])
    const holders = await cluster.driver('c').holders('group')
    expect(holders.map(({ clientId, partitions }) => `${clientId} ${partitions.length}`).toSorted()).toEqual([
      'a 2',
      'b 2',
    ])
    await a.member.close()
    await control.settled()
    expect([a.member.identity, a.has.size, b.has.size]).toEqual([undefined, 0, 4])
  })

  it('do not lose anything where they sleep for less', async () => {
    const { clock, cluster } = clusterOf(2)
    const a = new Spy(cluster.driver('a'), { protocol })
    await cluster.control.settled()
    for (let i = 0; i < 3; i++) {
      cluster.control.suspend('a')
      clock.advanceTo(clock.now() + session - 1)
      cluster.control.wake('a')
      await cluster.control.settled()
    }
    clock.advanceTo(clock.now() + session)
    await cluster.control.settled()
    expect(a.heard).toEqual(['assigned in-0 in-1'])
  })

  it('have what they had when they come back with their instance id, and fence who had it', async () => {
    const { clock, cluster } = clusterOf(4)
    const { control } = cluster
    const spies = ['a', 'b'].map((name) => new Spy(cluster.driver(name), { protocol, instanceId: name }))
    await control.settled()
    const [a, b] = spies
    const had = [...(a?.has ?? [])]
    const heard = b?.heard.length
    await cluster.driver('a').close()
    control.crash('a')
    clock.advanceTo(session - 1)
    const again = new Spy(cluster.driver('a'), { protocol, instanceId: 'a' })
    await control.settled()
    expect([...again.has]).toEqual(had)
    expect(b?.heard.length).toBe(heard)
    clock.advanceTo(3 * session)
    await control.settled()
    expect([...again.has]).toEqual(had)
    new Spy(cluster.driver('c'), { protocol, instanceId: 'a' })
    await control.settled()
    expect(again.failure).toMatchObject({ kind: 'fenced' })
  })

  it('leave at the end of their session when they are static', async () => {
    const { clock, cluster } = clusterOf(2)
    const a = new Spy(cluster.driver('a'), { protocol, instanceId: 'a' })
    const b = new Spy(cluster.driver('b'), { protocol })
    await cluster.control.settled()
    await a.member.close()
    await cluster.control.settled()
    expect([a.has.size, b.has.size]).toEqual([0, 1])
    clock.advanceTo(session)
    await cluster.control.settled()
    expect(b.has.size).toBe(2)
  })

  it('are left out when they do not give up in time what is to move', async () => {
    const { clock, cluster } = clusterOf(2)
    let giveUp = (): void => {}
    const slow = new Promise<void>((resolve) => (giveUp = resolve))
    const a = new Spy(cluster.driver('a'), { protocol, rebalanceTimeout: 5_000 }, (what) =>
      what === 'revoked' ? slow : undefined,
    )
    await cluster.control.settled()
    const b = new Spy(cluster.driver('b'), { protocol, rebalanceTimeout: 5_000 })
    await cluster.control.settled()
    expect(b.has.size).toBe(0)
    clock.advanceTo(5_000)
    await cluster.control.settled()
    expect(b.has.size).toBe(2)
    giveUp()
    await cluster.control.settled()
    expect([a.has.size, b.has.size]).toEqual([1, 1])
  })

  it('are not left out later when they have given it up in time', async () => {
    const { clock, cluster } = clusterOf(2)
    const spies = ['a', 'b'].map((name) => new Spy(cluster.driver(name), { protocol, rebalanceTimeout: 5_000 }))
    await cluster.control.settled()
    clock.advanceTo(20_000)
    await cluster.control.settled()
    expect(spies.flatMap(({ heard }) => heard.filter((line) => line.startsWith('lost')))).toEqual([])
    expect(spies.map(({ has }) => has.size)).toEqual([1, 1])
  })

  it('hear of topics that are made later', async () => {
    const { cluster } = clusterOf(2)
    const a = new Spy(cluster.driver('a'), { protocol, topics: ['in', 'late'] })
    await cluster.control.settled()
    cluster.topic('late', 1)
    await cluster.control.settled()
    expect([...a.has].toSorted()).toEqual(['in-0', 'in-1', 'late-0'])
  })

  it('get what others had when everything is to move', async () => {
    const { cluster } = clusterOf(2)
    const [a, b] = ['a', 'b'].map((name) => new Spy(cluster.driver(name), { protocol }))
    await cluster.control.settled()
    const had = [[...(a?.has ?? [])], [...(b?.has ?? [])]]
    cluster.control.rebalance('group', { moves: true })
    await cluster.control.settled()
    expect([[...(b?.has ?? [])], [...(a?.has ?? [])]]).toEqual(had)
  })
})

it('refuses members of another protocol', async () => {
  const { cluster } = clusterOf(1)
  new Spy(cluster.driver('a'), { protocol: 'classic' })
  await cluster.control.settled()
  const b = new Spy(cluster.driver('b'), { protocol: 'consumer' })
  await cluster.control.settled()
  expect(b.failure).toMatchObject({ kind: 'other' })
})
