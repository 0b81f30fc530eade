import type { Clock } from '../../../lib/clock.ts'
import { messageOf, show, TidemarkError } from '../../../lib/errors.ts'
import { warn } from '../../../lib/job/notice.ts'
import type { ConnectionOptions } from '../connection-options.ts'
import type { GroupMember, KafkaDriver, Trouble } from '../driver.ts'
import type { GroupSettings } from '../group-options.ts'
import type { Key } from '../../../lib/keyed/key.ts'
import { keyBytes, partitionOf } from '../key-bytes.ts'
import { openDriver } from '../open-driver.ts'
import { troubleNotice } from '../trouble-notice.ts'
import { prepareTopics } from './prepare-topics.ts'
import type { TaskEvent } from './task-event.ts'
import { TaskGroup } from './task-group.ts'
import type { KafkaJobMetrics } from './task-metrics.ts'
import type { TaskPlan } from './task-plan.ts'
import { type JobView, TaskViews } from './task-views.ts'

/** A process of a job at work. */
export interface KafkaJob {
  /** Resolves after `stop`. Rejects with the first error that does not go away by itself. All is closed by then. */
  readonly done: Promise<void>
  /** Commits, gives the partitions up, and ends. */
  stop(): Promise<void>
  metrics(): KafkaJobMetrics
  /**
   * The rows of a `queryable` of the pipeline, as far as they are in this process. Nothing holds on to them: what is asked for is looked up then.
   *
   * @throws TidemarkError `invalid-argument` if the pipeline has none of that name
   */
  view<T, K extends Key = string>(name: string): JobView<T, K>
  /** The process that has a key, by its `clientId`; undefined while nobody has. */
  holderOf(key: string): Promise<string | undefined>
}

export interface ProcessSettings {
  readonly connection: ConnectionOptions
  readonly group: GroupSettings
  readonly plan: TaskPlan
  readonly clock: Clock
  readonly replicationFactor: number | undefined
  readonly onEvent: (event: TaskEvent) => void
}

/** One process of a job: its membership of the group, and its tasks. */
export class JobProcess implements KafkaJob {
  readonly done: Promise<void>
  readonly #settings: ProcessSettings
  #settle: (failure?: { readonly error: unknown }) => void = () => {}
  #driver: KafkaDriver | undefined
  #member: GroupMember | undefined
  #tasks: TaskGroup | undefined
  #partitions = 0
  #isOver = false

  constructor(settings: ProcessSettings) {
    this.#settings = settings
    const ended = new Promise<{ readonly error: unknown } | undefined>((resolve) => (this.#settle = resolve))
    this.done = this.#run(ended)
  }

  async stop(): Promise<void> {
    this.#settle()
    await this.done
  }

  metrics(): KafkaJobMetrics {
    return {
      isMember: this.#member?.identity !== undefined,
      rebalances: this.#member?.rebalances ?? 0,
      tasks: this.#tasks?.metrics() ?? [],
    }
  }

  view<T, K extends Key>(name: string): JobView<T, K> {
    const { views } = this.#settings.plan
    if (!views.includes(name)) {
      const known =
        views.length === 0 ? 'the pipeline has no queryable(...)' : `there are ${views.map(show).join(', ')}`
      throw new TidemarkError('invalid-argument', `kafkaJob: expected the name of a view, got ${show(name)}; ${known}`)
    }
    return new TaskViews<T, K>(() => this.#tasks?.views(name) ?? [])
  }

  async holderOf(key: string): Promise<string | undefined> {
    const driver = this.#driver
    if (driver === undefined) return undefined
    const { plan } = this.#settings
    const at = partitionOf(keyBytes(key), this.#partitions)
    const holders = await driver.holders(plan.groupId)
    const isHere = holders.find(({ partitions }) =>
      partitions.some(({ topic, partition }) => partition === at && topic === plan.topics[0]),
    )
    return isHere?.clientId
  }

  async #run(ended: Promise<{ readonly error: unknown } | undefined>): Promise<void> {
    let failure: { readonly error: unknown } | undefined
    try {
      await this.#start()
      failure = await ended
    } catch (error) {
      failure = { error }
    }
    this.#isOver = true
    const { clock, group } = this.#settings
    // Brokers that are away must not keep it from going: what is not committed is done again.
    const callOff = clock.at(clock.now() + group.rebalanceTimeout, () => void this.#driver?.close())
    for (const part of [this.#member, this.#driver]) {
      try {
        await part?.close()
      } catch (error) {
        failure ??= { error }
      }
    }
    callOff()
    if (failure !== undefined) throw asTidemarkError(failure.error)
  }

  async #start(): Promise<void> {
    const { connection, group, plan, clock, replicationFactor, onEvent } = this.#settings
    const driver = await openDriver('kafkaJob', connection, (trouble) => this.#told(trouble))
    this.#driver = driver
    this.#partitions = await prepareTopics(driver, plan, replicationFactor)
    const failed = (error: unknown): void => this.#settle({ error })
    const tasks = new TaskGroup({
      plan,
      driver,
      partitions: this.#partitions,
      clock,
      identity: () => this.#member?.identity,
      happened: onEvent,
      failed,
    })
    this.#tasks = tasks
    if (this.#isOver) return
    this.#member = driver.member({ ...group, topics: plan.topics, keepsTogether: true, listener: tasks })
  }

  #told(trouble: Trouble): void {
    const { onNotice = warn } = this.#settings.plan.jobOptions
    onNotice(troubleNotice(trouble))
  }
}

function asTidemarkError(error: unknown): TidemarkError {
  if (error instanceof TidemarkError) return error
  return new TidemarkError('input', `kafkaJob: ${messageOf(error)}`, { cause: error })
}
