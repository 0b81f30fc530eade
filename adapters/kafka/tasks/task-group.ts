import type { Clock } from '../../../lib/clock.ts'
import type { KafkaDriver, MemberIdentity, MemberListener, TopicPartition } from '../driver.ts'
import type { QueryRows } from './query-machine.ts'
import type { TaskEvent } from './task-event.ts'
import type { TaskMetrics } from './task-metrics.ts'
import type { TaskPlan } from './task-plan.ts'
import { TaskSlot, type SlotHost } from './task-slot.ts'

/** What tasks of a process belong to. */
export interface GroupHost {
  readonly plan: TaskPlan
  readonly driver: KafkaDriver
  readonly partitions: number
  readonly clock: Clock
  /** Who the process is in the group. */
  identity(): MemberIdentity | undefined
  happened(event: TaskEvent): void
  failed(error: unknown): void
}

/** The tasks of the partitions that the process has. */
export class TaskGroup implements MemberListener, SlotHost {
  readonly plan: TaskPlan
  readonly driver: KafkaDriver
  readonly partitions: number
  readonly clock: Clock
  readonly #host: GroupHost
  readonly #slots = new Map<number, TaskSlot>()

  constructor(host: GroupHost) {
    this.#host = host
    this.plan = host.plan
    this.driver = host.driver
    this.partitions = host.partitions
    this.clock = host.clock
  }

  get identity(): MemberIdentity | undefined {
    return this.#host.identity()
  }

  assigned(partitions: readonly TopicPartition[]): void {
    for (const partition of numbersOf(partitions)) {
      if (this.#slots.has(partition)) continue
      this.#slots.set(partition, new TaskSlot(this, partition))
      this.happened({ kind: 'assigned', partition })
    }
  }

  async revoked(partitions: readonly TopicPartition[]): Promise<void> {
    await this.#end(partitions, 'revoked', (slot) => slot.stop())
  }

  async lost(partitions: readonly TopicPartition[]): Promise<void> {
    await this.#end(partitions, 'lost', (slot) => slot.drop())
  }

  happened(event: TaskEvent): void {
    this.#host.happened(event)
  }

  failed(error: unknown): void {
    this.#host.failed(error)
  }

  metrics(): readonly TaskMetrics[] {
    return [...this.#slots.values()].map(({ task }) => task.metrics()).toSorted((a, b) => a.partition - b.partition)
  }

  /** The rows of a view, of the tasks that have them. */
  views(name: string): readonly QueryRows[] {
    return [...this.#slots.values()].flatMap(({ task }) => task.views.get(name) ?? [])
  }

  async #end(
    partitions: readonly TopicPartition[],
    kind: 'revoked' | 'lost',
    end: (slot: TaskSlot) => Promise<void>,
  ): Promise<void> {
    const ending = [...numbersOf(partitions)].map(async (partition) => {
      const slot = this.#slots.get(partition)
      if (slot === undefined) return
      await end(slot)
      this.#slots.delete(partition)
      this.happened({ kind, partition })
    })
    await Promise.all(ending)
  }
}

function numbersOf(partitions: readonly TopicPartition[]): ReadonlySet<number> {
  return new Set(partitions.map(({ partition }) => partition).toSorted((a, b) => a - b))
}
