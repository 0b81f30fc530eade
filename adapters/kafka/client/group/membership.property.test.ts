// Laws of members of a group, whatever happens to them: they join, leave, crash, stand still, lose sight of the coordinator, take their time
// to give up, come back under their instance ids, and topics grow.
//
// 1. At no moment do two running members that believe to be in the group have the same partition.
// 2. The listener's calls do not overlap, fit together, and end with `close`.
// 3. When all is quiet again everything is given out, evenly, with the same numbers of all topics together, and each member knows the
//    generation that the coordinator has.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FakeCoordinator } from '../fixtures/fake-coordinator.ts'
import { SimulatedMember } from '../fixtures/simulated-member.ts'
import { SimulatedTime } from '../fixtures/simulated-time.ts'

const names = ['a', 'b', 'c', 'd'] as const

const event = fc.record({
  wait: fc.integer({ min: 0, max: 8_000 }),
  who: fc.constantFrom(...names),
  what: fc.constantFrom('join', 'join', 'join', 'leave', 'crash', 'restart', 'suspend', 'cut off', 'grow', 'rebalance'),
  lasts: fc.integer({ min: 1, max: 15_000 }),
})

const scenario = fc.record({
  seed: fc.integer(),
  isStatic: fc.boolean(),
  slowest: fc.constantFrom(0, 500, 2_000),
  events: fc.array(event, { minLength: 2, maxLength: 25 }),
})

type Scenario = typeof scenario extends fc.Arbitrary<infer Value> ? Value : never

class World {
  readonly time = new SimulatedTime()
  readonly coordinator: FakeCoordinator = new FakeCoordinator(this.time, { orders: 4, payments: 4 })
  readonly everyone: SimulatedMember[] = []
  readonly #scenario: Scenario
  readonly #protocol: 'classic' | 'cooperative' | 'consumer'
  readonly #random: () => number
  readonly #members = new Map<string, SimulatedMember>()

  constructor(of: Scenario, protocol: 'classic' | 'cooperative' | 'consumer') {
    this.#scenario = of
    this.#protocol = protocol
    this.#random = mulberry(of.seed)
  }

  get members(): SimulatedMember[] {
    return [...this.#members.values()]
  }

  join(name: string): void {
    if (this.#members.has(name)) return
    const { slowest, isStatic } = this.#scenario
    const member = new SimulatedMember(`${name}${this.everyone.length}`, this.time, this.coordinator, {
      protocol: this.#protocol,
      instanceId: isStatic ? name : undefined,
      latency: () => 1 + Math.floor(this.#random() * 60),
      pace: () => Math.floor(this.#random() * slowest),
    })
    this.#members.set(name, member)
    this.everyone.push(member)
  }

  act({ who, what, lasts }: Scenario['events'][number]): void {
    if (what === 'join') this.join(who)
    else if (what === 'grow') this.#grow()
    else if (what === 'rebalance') this.coordinator.classic.rebalance()
    else {
      const member = this.#members.get(who)
      if (member !== undefined) this.#befall(who, member, what, lasts)
    }
  }

  check(): void {
    const owned = this.everyone.flatMap((member) => member.owned)
    if (new Set(owned).size === owned.length) return
    const said = this.everyone.map(
      ({ name, listener, owned: has }) => `${name} ${has.join(' ')}\n  ${listener.calls.join('\n  ')}`,
    )
    throw new Error(`two have the same\n${said.join('\n')}`)
  }

  #befall(who: string, member: SimulatedMember, what: string, lasts: number): void {
    const later = (act: () => void): void => void this.time.at(this.time.now() + lasts, act)
    if (what === 'suspend') {
      member.process.suspend()
      later(() => member.process.resume())
    } else if (what === 'cut off') {
      member.process.isCutOff = true
      later(() => {
        member.process.isCutOff = false
      })
    } else if (what === 'leave') void this.#leave(who, member)
    else {
      this.#members.delete(who)
      member.process.kill()
      if (what === 'restart') this.join(who)
    }
  }

  /** Nobody takes its place, and its instance id, before it has left. */
  async #leave(who: string, member: SimulatedMember): Promise<void> {
    await member.member.close()
    member.listener.end()
    if (this.#members.get(who) === member) this.#members.delete(who)
  }

  #grow(): void {
    const { counts, consumer } = this.coordinator
    const count = (counts.get('orders') ?? 0) + 1
    if (count > 8) return
    counts.set('orders', count).set('payments', count)
    consumer.changed()
  }
}

test.each(['classic', 'cooperative', 'consumer'] as const)('%s', async (protocol) => {
  await fc.assert(
    fc.asyncProperty(scenario, async (of) => {
      const world = new World(of, protocol)
      const check = (): void => world.check()
      for (const each of of.events) {
        await world.time.run(each.wait, check)
        world.act(each)
        world.check()
      }
      await world.time.run(30_000, check)
      world.join('a')
      await world.time.run(90_000, check)

      const { members, coordinator } = world
      const count = coordinator.counts.get('orders') ?? 0
      const held = members.map(({ owned }) => owned.filter((name) => name.startsWith('orders')).length)
      expect(members.flatMap(({ owned }) => owned).length).toBe(2 * count)
      expect(Math.max(...held) - Math.min(...held)).toBeLessThan(2)
      const generation = protocol === 'consumer' ? coordinator.consumer.epoch : coordinator.classic.generation
      for (const { owned, member } of members) {
        for (const name of owned) expect(owned).toContain(name.replace('orders', 'payments'))
        expect(member.identity?.generation).toBe(generation)
      }
      for (const { listener } of world.everyone) expect([...listener.faults, ...listener.failures]).toEqual([])
    }),
    { numRuns: 60 },
  )
})

/** Chance that can be repeated. */
function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
