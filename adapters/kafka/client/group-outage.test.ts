import { randomUUID } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { MemberOptions } from '../driver.ts'
import { type Broker, startBroker } from '../fixtures/broker.ts'
import { needsOwnBroker } from '../fixtures/needs-broker.ts'
import { heldBy, type TestedMember, TestedMembers } from './fixtures/tested-members.ts'

const protocols = ['classic', 'cooperative', 'consumer'] as const
const waiting = { timeout: 90_000, interval: 50 }

needsOwnBroker('members of groups, while the broker is away', () => {
  let broker: Broker
  const members = new TestedMembers(() => broker.bootstrap)

  beforeAll(async () => {
    broker = await startBroker()
  }, 90_000)

  afterEach(async () => await members.close())
  afterAll(async () => await broker.stop())

  async function joinEach(options: Partial<MemberOptions>): Promise<TestedMember[]> {
    const topics = await members.newTopics(4)
    const all = await Promise.all(
      protocols.map((protocol) => members.join({ groupId: `group-${randomUUID()}`, topics, protocol, ...options })),
    )
    await vi.waitFor(() => expect(all.map((one) => heldBy([one]))).toEqual([[4], [4], [4]]), waiting)
    return all
  }

  test('a broker that is back within the session has lost nobody', async () => {
    const all = await joinEach({ sessionTimeout: 60_000 })
    await broker.kill()
    const missesIt = ({ troubles }: TestedMember): boolean => troubles.some(({ what }) => what.startsWith('heartbeat'))
    await vi.waitFor(() => expect(all.map(missesIt)).toEqual([true, true, true]), waiting)
    await broker.restart()
    const identities = all.map(({ member }) => member.identity)
    // A heartbeat, at least, of each.
    await setTimeout(4_000)
    expect(all.map(({ member }) => member.identity)).toEqual(identities)
    expect(all.map(({ listener }) => listener.calls.length)).toEqual([1, 1, 1])
  }, 180_000)

  test('a broker that stands still for longer than the session has lost everyone, and has them again', async () => {
    const all = await joinEach({ sessionTimeout: 8_000 })
    broker.pause()
    await vi.waitFor(() => expect(all.map(({ listener }) => listener.held.size)).toEqual([0, 0, 0]), waiting)
    expect(all.map(({ member }) => member.identity)).toEqual([undefined, undefined, undefined])
    broker.resume()
    await vi.waitFor(() => expect(all.map((one) => heldBy([one]))).toEqual([[4], [4], [4]]), waiting)
    for (const { listener } of all) expect(listener.calls[1]).toMatch(/^lost/)
  }, 180_000)
})
