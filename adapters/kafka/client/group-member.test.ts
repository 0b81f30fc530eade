import { randomUUID } from 'node:crypto'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { GroupMember, MemberOptions, Trouble } from '../driver.ts'
import { needsBroker } from '../fixtures/needs-broker.ts'
import { sharedBroker } from '../fixtures/shared-broker.ts'
import { Cluster } from './cluster.ts'
import { RecordingListener } from './fixtures/recording-listener.ts'
import { groupMember } from './group-member.ts'
import { loadClient } from './load-client.ts'

const waiting = { timeout: 60_000, interval: 50 }

interface Tested {
  readonly member: GroupMember
  readonly listener: RecordingListener
  readonly cluster: Cluster
  readonly troubles: Trouble[]
}

needsBroker('members of groups, on a broker', () => {
  let bootstrap = ''
  const joined: Tested[] = []

  beforeAll(async () => {
    bootstrap = await sharedBroker()
  })

  afterEach(async () => {
    const all = joined.splice(0)
    await Promise.all(all.map(async ({ member }) => member.close()))
    for (const { cluster } of all) cluster.close()
  })

  async function newTopics(...counts: number[]): Promise<string[]> {
    const client = await loadClient()
    const cluster = new Cluster(client, { brokers: [bootstrap] }, () => {})
    const names = counts.map((_, i) => `group-${randomUUID()}-${String(i)}`)
    const topics = names.map((name, i) => ({
      name,
      numPartitions: counts[i] ?? 1,
      replicationFactor: 1,
      assignments: [],
      configs: [],
    }))
    await cluster.call({ node: 'any' }, [client.createTopicsV7.api], topics, 10_000, false)
    cluster.close()
    return names
  }

  async function join(
    options: Pick<MemberOptions, 'groupId' | 'topics' | 'protocol'> & Partial<MemberOptions>,
  ): Promise<Tested> {
    const client = await loadClient()
    const troubles: Trouble[] = []
    const cluster = new Cluster(client, { brokers: [bootstrap] }, (trouble) => troubles.push(trouble))
    const listener = new RecordingListener()
    const usual = { sessionTimeout: 6_000, rebalanceTimeout: 10_000, keepsTogether: true, listener }
    const member = groupMember(cluster, { ...usual, ...options })
    const tested = { member, listener, cluster, troubles }
    joined.push(tested)
    return tested
  }

  /** How many partitions each has, when all have been given out. */
  function heldBy(members: readonly Tested[]): number[] {
    const all = members.flatMap(({ listener }) => [...listener.held])
    expect(new Set(all).size).toBe(all.length)
    return members.map(({ listener }) => listener.held.size).toSorted()
  }

  test.each(['classic', 'cooperative', 'consumer'] as const)('one, three, two members: %s', async (protocol) => {
    const topics = await newTopics(6, 6)
    const group = { groupId: `group-${randomUUID()}`, topics, protocol }
    const one = await join(group)
    await vi.waitFor(() => expect(heldBy([one])).toEqual([12]), waiting)
    expect(one.member.identity?.groupId).toBe(group.groupId)

    const [two, three] = [await join(group), await join(group)]
    await vi.waitFor(() => expect(heldBy([one, two, three])).toEqual([4, 4, 4]), waiting)
    for (const { listener } of [one, two, three])
      for (const name of listener.held) {
        const [topic, number] = name.split(':')
        const other = topics.find((each) => each !== topic)
        expect(listener.held).toContain(`${String(other)}:${String(number)}`)
      }

    await two.member.close()
    expect(two.listener.held.size).toBe(0)
    expect(two.member.identity).toBeUndefined()
    await vi.waitFor(() => expect(heldBy([one, three])).toEqual([6, 6]), waiting)
    expect(
      [one, two, three].flatMap(({ listener }) => listener.calls).filter((call) => /lost|failed/.test(call)),
    ).toEqual([])
    console.log(
      protocol,
      [one, two, three].map(({ listener }) => listener.calls.map((c) => c.replaceAll(/group-\S*-(\d)/g, 't$1'))),
      one.troubles,
      one.member.identity,
    )
  })
})
