import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createInterface } from 'node:readline'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { MemberOptions } from '../driver.ts'
import { needsBroker } from '../fixtures/needs-broker.ts'
import { sharedBroker } from '../fixtures/shared-broker.ts'
import { heldBy, TestedMembers } from './fixtures/tested-members.ts'

const waiting = { timeout: 60_000, interval: 50 }

needsBroker('members of groups, on a broker', () => {
  let bootstrap = ''
  const members = new TestedMembers(() => bootstrap)

  beforeAll(async () => {
    bootstrap = await sharedBroker()
  }, 60_000)

  afterEach(async () => await members.close())

  async function standStill(protocol: MemberOptions['protocol']): Promise<void> {
    const topics = await members.newTopics(4)
    const group = {
      groupId: `group-${randomUUID()}`,
      topics,
      protocol,
      sessionTimeout: 6_000,
      rebalanceTimeout: 10_000,
    }
    const program = new URL('fixtures/member-program.ts', import.meta.url).pathname
    const child = spawn(process.execPath, [program, bootstrap, JSON.stringify({ ...group, keepsTogether: false })])
    const lines: string[] = []
    for (const output of [child.stdout, child.stderr]) createInterface(output).on('line', (line) => lines.push(line))
    try {
      await vi.waitFor(() => expect(lines).toEqual(['assigned 4']), waiting)
      child.kill('SIGSTOP')
      const other = await members.join({ ...group, keepsTogether: false })
      await vi.waitFor(() => expect(heldBy([other])).toEqual([4]), waiting)
      child.kill('SIGCONT')
      await vi.waitFor(() => expect(lines).toEqual(['assigned 4', 'lost 4', 'assigned 2']), waiting)
      await vi.waitFor(() => expect(heldBy([other])).toEqual([2]), waiting)
      child.stdin.end()
      await vi.waitFor(() => expect(heldBy([other])).toEqual([4]), waiting)
      expect(lines).toEqual(['assigned 4', 'lost 4', 'assigned 2', 'revoked 2'])
    } finally {
      child.kill('SIGKILL')
    }
  }

  test.each(['classic', 'cooperative', 'consumer'] as const)('one, three, two members: %s', async (protocol) => {
    const topics = await members.newTopics(6, 6)
    const group = { groupId: `group-${randomUUID()}`, topics, protocol }
    const one = await members.join(group)
    await vi.waitFor(() => expect(heldBy([one])).toEqual([12]), waiting)
    expect(one.member.identity?.groupId).toBe(group.groupId)

    const [two, three] = [await members.join(group), await members.join(group)]
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
  })

  test.each(['classic', 'cooperative', 'consumer'] as const)(
    'a static member has the same again after a restart, and nobody else notices: %s',
    async (protocol) => {
      const topics = await members.newTopics(4)
      const group = { groupId: `group-${randomUUID()}`, topics, protocol }
      const one = await members.join({ ...group, instanceId: 'i1' })
      const two = await members.join({ ...group, instanceId: 'i2' })
      await vi.waitFor(() => expect(heldBy([one, two])).toEqual([2, 2]), waiting)
      const before = [...one.listener.held].toSorted()
      const heard = two.listener.calls.length

      await one.member.close()
      expect(one.listener.held.size).toBe(0)
      const again = await members.join({ ...group, instanceId: 'i1' })
      await vi.waitFor(() => expect([...again.listener.held].toSorted()).toEqual(before), waiting)
      expect(again.member.identity?.instanceId).toBe('i1')
      expect(two.listener.calls.length).toBe(heard)
    },
  )

  // All three at once, since most of it is waiting.
  test('a process that stood still for longer than its session has lost everything', async () => {
    await Promise.all((['classic', 'cooperative', 'consumer'] as const).map(standStill))
  }, 180_000)

  test('members that share in another way are refused, and the group goes on', async () => {
    const topics = await members.newTopics(4)
    const group = { groupId: `group-${randomUUID()}`, topics }
    const one = await members.join({ ...group, protocol: 'classic' })
    await vi.waitFor(() => expect(heldBy([one])).toEqual([4]), waiting)
    const two = await members.join({ ...group, protocol: 'cooperative' })
    await vi.waitFor(() => expect(two.listener.calls).toEqual(['failed']), waiting)
    expect(String(two.listener.failures[0])).toContain('its members share partitions in another way than this one does')
    expect(one.listener.held.size).toBe(4)
  })

  test('a second process with the same instance id is an error of the first', async () => {
    const topics = await members.newTopics(4)
    const group = { groupId: `group-${randomUUID()}`, topics, protocol: 'cooperative', instanceId: 'same' } as const
    const one = await members.join(group)
    await vi.waitFor(() => expect(heldBy([one])).toEqual([4]), waiting)
    const two = await members.join(group)
    await vi.waitFor(() => expect(one.listener.calls.at(-1)).toBe('failed'), waiting)
    expect(String(one.listener.failures[0])).toContain("another member has the instance id 'same'")
    await vi.waitFor(() => expect(heldBy([two])).toEqual([4]), waiting)
  })

  // The other way round brokers take members of the older protocol for members of the newer one, and give out partitions to both.
  test('members of the newer protocol are refused in a group of the older one', async () => {
    const topics = await members.newTopics(4)
    const group = { groupId: `group-${randomUUID()}`, topics }
    const one = await members.join({ ...group, protocol: 'classic' })
    await vi.waitFor(() => expect(heldBy([one])).toEqual([4]), waiting)
    const two = await members.join({ ...group, protocol: 'consumer' })
    await vi.waitFor(() => expect(two.listener.calls).toEqual(['failed']), waiting)
    expect(String(two.listener.failures[0])).toContain("it has members of another protocol than 'consumer'")
    expect(one.listener.held.size).toBe(4)
  })
})
