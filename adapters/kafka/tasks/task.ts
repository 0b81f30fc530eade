import type { Observable } from 'rxjs'
import { type Route, route, run, type RunningJob } from '../../../lib/run.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { JobMetrics } from '../../../lib/metrics.ts'
import type { KafkaDriver, MemberIdentity, Producer, PartitionOffset, TopicPartition } from '../driver.ts'
import { TidemarkError } from '../../../lib/errors.ts'
import { KafkaError } from '../kafka-error.ts'
import { KafkaSink } from '../kafka-sink.ts'
import { partitionName } from '../partition-name.ts'
import { RecordWriter } from '../record-writer.ts'
import { ChangelogStore } from './changelog-store.ts'
import { FeedReader } from './feed-reader.ts'
import type { TaskPlan } from './task-plan.ts'
import { startOffsets } from '../reading/start-offsets.ts'
import { type TaskScope, withinTask } from './task-scope.ts'
import { sourceId, taskSource } from './task-source.ts'
import type { QueryRows } from './query-machine.ts'
import type { TaskEvent } from './task-event.ts'
import { eventTimes, type TaskMetrics } from './task-metrics.ts'

/** What tasks of a job have in common. */
export interface TaskHost {
  readonly plan: TaskPlan
  readonly driver: KafkaDriver
  readonly partitions: number
  readonly clock: Clock
  /** Who the process is in the group; undefined while it is not in it. */
  readonly identity: MemberIdentity | undefined
  happened(event: TaskEvent): void
}

/**
 * An instance of the pipeline with the partitions of one number: its sources, its state, and the transaction that both its results and
 * its state are written in.
 */
export class Task {
  readonly partition: number
  readonly #host: TaskHost
  readonly #inputs = new Map<string, FeedReader>()
  /** What can be looked into, by names. */
  readonly views: Map<string, QueryRows> = new Map()
  #job: RunningJob | undefined
  /** No more is to happen. */
  #isOver = false
  /** Others may be at work on its partitions: nothing may be published. */
  #isLost = false
  #restored: { readonly read: number; readonly all: number } = { read: 0, all: 0 }

  constructor(host: TaskHost, partition: number) {
    this.#host = host
    this.partition = partition
  }

  /** Runs until it is stopped, or its input ends. */
  async run(): Promise<void> {
    const { driver, plan } = this.#host
    const producer = driver.producer({
      transactionalId: plan.isExactlyOnce ? `${plan.groupId}-${this.partition}` : undefined,
      transactionTimeout: plan.transactionTimeout,
      compression: plan.compression,
    })
    try {
      // Ends what a run before this one has left open, so that the changelog says all there is to know.
      await producer.open()
      await this.#work(producer)
    } catch (error) {
      await producer.abort().catch(() => {})
      if (!this.#isOver) throw error
    } finally {
      await producer.close()
    }
  }

  /** Commits, and ends. */
  async stop(): Promise<void> {
    this.#isOver = true
    await this.#job?.stop()
  }

  /** Ends without a commit. */
  async drop(): Promise<void> {
    this.#isLost = true
    await this.stop().catch(() => {})
  }

  /** Its state has been restored. */
  get hasBegun(): boolean {
    return this.#job !== undefined && this.#restored.read === this.#restored.all
  }

  metrics(): TaskMetrics {
    const job: JobMetrics | undefined = this.#job?.metrics()
    const { read, all } = this.#restored
    return {
      partition: this.partition,
      restored: all === 0 ? 1 : read / all,
      inputs: [...this.#inputs].map(([topic, reader]) => reader.metrics(topic)),
      ...eventTimes(job, this.#host.clock.now()),
      job,
    }
  }

  async #work(producer: Producer): Promise<void> {
    const { driver, plan, partitions } = this.#host
    const { partition } = this
    const writer = new RecordWriter(driver, producer)
    const changelog = { topic: plan.changelog, partition }
    const inputs = plan.topics.map((topic) => ({ topic, partition }))
    const { groupId, start } = plan
    const isThrough = ({ topic }: TopicPartition): boolean => plan.through.includes(topic)
    const starts = [
      ...(await startOffsets(
        driver,
        groupId,
        inputs.filter((input) => !isThrough(input)),
        start,
      )),
      // All of what other tasks have written counts.
      ...(await startOffsets(driver, groupId, inputs.filter(isThrough), 'earliest')),
    ]
    const store = new ChangelogStore({
      driver,
      writer,
      clock: this.#host.clock,
      local: plan.local?.(partitionName(changelog)),
      changelog,
      inputs: new Map(inputs.map((input) => [sourceId(input.topic), input])),
      check: () => void this.#owner(),
      publish: (offsets) => this.#publish(producer, offsets),
      restoring: (read, all) => (this.#restored = { read, all }),
      restored: () => this.#host.happened({ kind: 'restored', partition }),
      isOver: () => this.#isOver,
    })
    const scope: TaskScope = {
      partition,
      partitions,
      writer,
      source: (topic) =>
        taskSource(topic, (position) => {
          const start = starts.find((input) => input.topic === topic)?.offset ?? 0
          const offset = position ?? start
          const reader = new FeedReader(driver.feed({ topic, partition }, offset), offset)
          this.#inputs.set(topic, reader)
          return reader
        }),
      view: (name) => (rows) => void this.views.set(name, rows),
    }
    if (this.#isOver) return
    this.#job = run(this.#routes(scope, writer), {
      ...plan.jobOptions,
      checkpoint: { dir: partitionName(changelog), every: plan.commitEvery, store: () => store },
    })
    if (this.#isOver) void this.#job.stop().catch(() => {})
    await this.#job.done
  }

  #routes(scope: TaskScope, writer: RecordWriter): readonly Route[] {
    const { plan } = this.#host
    const made = withinTask(scope, () => plan.pipeline(scope))
    if (isRoutes(made)) return made
    const { sink } = plan
    if (sink === undefined) throw new TidemarkError('wiring', 'kafkaJob: expected routes, got an observable')
    const destination = typeof sink === 'function' ? sink({ partition: this.partition }) : sink
    return [route(made, destination instanceof KafkaSink ? destination.within(writer) : destination)]
  }

  /** Who the process is, as long as the partitions are its own. */
  #owner(): MemberIdentity {
    const { identity } = this.#host
    if (this.#isLost || identity === undefined) throw new KafkaError('fenced', 'the partitions have gone to others')
    return identity
  }

  async #publish(producer: Producer, offsets: readonly PartitionOffset[]): Promise<void> {
    const { driver, plan } = this.#host
    const identity = this.#owner()
    if (plan.isExactlyOnce) await producer.commit({ member: identity, offsets })
    else await driver.commitOffsets(identity, offsets)
  }
}

function isRoutes(made: Observable<unknown> | readonly Route[]): made is readonly Route[] {
  return Array.isArray(made)
}
