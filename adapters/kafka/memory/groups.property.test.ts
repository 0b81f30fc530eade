// 1. At no moment two members have the same partition that are awake and within their session, however members come, go, sleep and die.
// 2. When things are quiet each partition has exactly one owner, shares are even, and partitions that are to stay together do.
// 3. When things are quiet, each member may commit as what it takes itself for.
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { VirtualClock } from '../../../lib/clock.ts'
import type { MemberOptions } from '../driver.ts'
import { Spy } from './fixtures/spy.ts'
import { type MemoryCluster, memoryCluster } from './memory-cluster.ts'

interface Incident {
  readonly kind: 'join' | 'leave' | 'crash' | 'suspend' | 'wake' | 'rebalance' | 'move' | 'time' | 'fault' | 'topic'
  readonly after: number
  readonly who: number
}

const kinds: readonly Incident['kind'][] = [
  ...(['join', 'join', 'join', 'leave', 'crash', 'suspend', 'wake'] as const),
  ...(['rebalance', 'move', 'time', 'time', 'fault', 'topic'] as const),
]

const incidents = fc.array(fc.record({ kind: fc.constantFrom(...kinds), after: fc.nat(12), who: fc.nat(3) }), {
  maxLength: 40,
  size: 'max',
})

const circumstances = fc.record({
  seed: fc.integer(),
  protocol: fc.constantFrom('classic' as const, 'cooperative' as const, 'consumer' as const),
  isStatic: fc.boolean(),
  keepsTogether: fc.boolean(),
})

/** Four processes that may be in a group. */
class Party {
  readonly clock = new VirtualClock()
  readonly cluster: MemoryCluster
  readonly present = new Map<string, Spy>()
  /** Which have been suspended: nobody waits for those for longer than their session. */
  readonly dubious = new Set<Spy>()
  readonly leaving = new Map<string, Promise<void>>()
  readonly doubled: string[] = []
  readonly #options: Partial<MemberOptions>
  readonly #isStatic: boolean

  constructor(seed: number, isStatic: boolean, options: Partial<MemberOptions>) {
    this.cluster = memoryCluster({ clock: this.clock, seed, sessionTimeout: 10_000 })
    this.cluster.topic('in', 5)
    this.#isStatic = isStatic
    this.#options = { ...options, topics: ['in', 'late'], rebalanceTimeout: 10_000_000 }
  }

  async happen({ kind, after, who }: Incident): Promise<void> {
    const { control } = this.cluster
    await Promise.race([
      control.settled(),
      new Promise<void>((resolve) => {
        control.at(control.steps + after, resolve)
      }),
    ])
    const name = `m${who}`
    const spy = this.present.get(name)
    if (kind === 'join') this.#join(name)
    else if (kind === 'leave') {
      this.present.delete(name)
      if (spy !== undefined)
        this.leaving.set(
          name,
          spy.member.close().finally(() => this.leaving.delete(name)),
        )
    } else if (kind === 'crash') {
      this.present.delete(name)
      this.leaving.delete(name)
      control.crash(name)
    } else if (kind === 'suspend') {
      if (spy !== undefined) this.dubious.add(spy)
      control.suspend(name)
    } else if (kind === 'wake') control.wake(name)
    else if (kind === 'time') this.clock.advanceTo(this.clock.now() + 7_000)
    else if (kind === 'fault') control.fail({ operation: 'join', effect: after % 2 === 0 ? 'fails' : 'answer-lost' })
    else if (kind === 'topic') this.cluster.topic('late', 3)
    else control.rebalance('group', { moves: kind === 'move' })
  }

  #join(name: string): void {
    if (this.present.has(name) || this.leaving.has(name)) return
    const instanceId = this.#isStatic ? name : undefined
    const spy = new Spy(this.cluster.driver(name), { ...this.#options, instanceId }, async (what) => {
      if (what === 'lost') this.dubious.delete(spy)
      if (what === 'assigned') this.#look(spy)
      await this.clock.turn()
    })
    this.present.set(name, spy)
  }

  #look(spy: Spy): void {
    for (const [name, other] of this.present) {
      if (other === spy || [other, spy].some((each) => this.dubious.has(each))) continue
      for (const key of spy.has) if (other.has.has(key)) this.doubled.push(`${key} with ${name} and another`)
    }
  }

  async calmDown(): Promise<void> {
    for (const name of this.present.keys()) this.cluster.control.wake(name)
    for (let i = 0; i < 3; i++) {
      await this.cluster.control.settled()
      this.clock.advanceTo(this.clock.now() + 11_000)
    }
    await this.cluster.control.settled()
  }
}

describe('groups', () => {
  test.prop([circumstances, incidents], { numRuns: 300 })('share out each partition once', async (given, script) => {
    const { seed, isStatic, protocol, keepsTogether } = given
    const party = new Party(seed, isStatic, { protocol, keepsTogether })
    for (const incident of script) await party.happen(incident)
    await party.calmDown()
    expect(party.doubled).toEqual([])
    const spies = [...party.present.values()]
    if (spies.length === 0) return
    expect(spies.map(({ failure }) => failure)).toEqual(spies.map(() => undefined))
    const { control } = party.cluster
    party.cluster.topic('late', 3)
    await control.settled()
    const all = [0, 1, 2, 3, 4].map((i) => `in-${i}`).concat([0, 1, 2].map((i) => `late-${i}`))
    expect(spies.flatMap(({ has }) => [...has]).toSorted()).toEqual(all)
    const unitsOf = (has: ReadonlySet<string>): number =>
      [...has].filter((key) => !keepsTogether || key.startsWith('in-')).length
    const sizes = spies.map(({ has }) => unitsOf(has))
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(2)
    if (keepsTogether)
      for (const { has } of spies) for (const i of [0, 1, 2]) expect(has.has(`late-${i}`)).toBe(has.has(`in-${i}`))
    const driver = party.cluster.driver('observer')
    const holders = driver.holders('group')
    await control.settled()
    expect(
      (await holders).flatMap(({ partitions }) => partitions.map((p) => `${p.topic}-${p.partition}`)).toSorted(),
    ).toEqual(all)
    for (const { member } of spies) {
      if (member.identity === undefined) throw new Error('a member has no identity')
      await driver.commitOffsets(member.identity, [{ topic: 'in', partition: 0, offset: 1 }])
    }
  })
})
