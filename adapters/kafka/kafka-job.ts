import { join } from 'node:path'
import type { Observable } from 'rxjs'
import { realClock } from '../../lib/clock.ts'
import { show, TidemarkError } from '../../lib/errors.ts'
import type { JobOptions } from '../../lib/job/job-options.ts'
import type { Route } from '../../lib/run.ts'
import { logStore } from '../../lib/state/log-store.ts'
import type { StateStore, StoreOptions } from '../../lib/state/state-store.ts'
import { type Duration, toPositiveMillis } from '../../lib/time.ts'
import type { Sink } from '../../lib/sink.ts'
import type { ConnectionOptions } from './connection-options.ts'
import type { Compression } from './driver.ts'
import { checkConnection } from './connection-options.ts'
import { type GroupOptions, toGroupSettings } from './group-options.ts'
import { type StartTime, toStartTime } from './start-time.ts'
import { JobProcess, type KafkaJob } from './tasks/job-process.ts'
import type { LocalStore } from './tasks/local-state.ts'
import type { TaskEvent } from './tasks/task-event.ts'
import type { TaskInfo, TaskPlan } from './tasks/task-plan.ts'
import { planPipeline } from './tasks/plan-pipeline.ts'
import { checkedTopic, type Topic } from './topic.ts'

/**
 * ms. No one waits for it, because who takes a task over ends what was open at once. But a broker that finds a transaction overdue while it
 * starts may end it without a mark in its partitions (seen with Kafka 4.4): brokers should be able to start again meanwhile.
 */
const shortestTransaction = 60_000

/** ms. `transaction.max.timeout.ms` of brokers that are as they come. */
const longestTransaction = 900_000

/** The inputs of a pipeline: one topic, or several by names, which have to have the same number of partitions. */
export type Inputs = Topic<unknown> | Readonly<Record<string, Topic<unknown>>>

/** What a pipeline gets of its inputs. */
export type InputValues<S extends Inputs> =
  S extends Topic<infer T>
    ? Observable<T>
    : { readonly [N in keyof S]: S[N] extends Topic<infer T> ? Observable<T> : never }

/** Where a process keeps copies of the state of its tasks. */
export interface StateOptions extends StoreOptions {
  readonly dir: string
  /** What keeps them; a log of what changes unless given. */
  readonly store?: (dir: string, options: StoreOptions) => StateStore
}

/** Options of `kafkaJob`. */
export interface KafkaJobOptions<S extends Inputs, T> extends ConnectionOptions, GroupOptions, JobOptions {
  /** What tasks read. Records that belong together have to be in partitions of the same number. */
  readonly source: S
  /**
   * Makes the pipeline of a task, of the partitions with one number. Called for each task, and once before, without being run. In place
   * of an observable for `sink` it may give routes to sinks of its own.
   */
  readonly pipeline: (inputs: InputValues<S>, task: TaskInfo) => Observable<T> | readonly Route[]
  /** Where results go: `toKafka(...)`, or a function that makes a sink for a task. Only the former counts each result once. */
  readonly sink?: Sink<T> | ((task: TaskInfo) => Sink<T>)
  /** `exactly-once` unless given. With `at-least-once` results may come twice, and what went through a topic (`repartition`) may be in them twice. */
  readonly guarantee?: 'exactly-once' | 'at-least-once'
  /** How often results and state are committed, in processing time; `'1s'` unless given, `'10m'` at most where each result is to count once. */
  readonly commitEvery?: Duration
  /** Where tasks begin that have no state and no committed offset; `earliest` unless given. */
  readonly start?: StartTime
  /** The compacted topic that keeps state. `<groupId>-changelog` unless given. */
  readonly changelog?: string
  /**
   * A folder for copies of the state, the process's alone: of the changelog only what is newer has to be read then, also where a partition comes
   * back. With `lmdbStore` as `store`, state may be larger than memory. Kept in memory alone unless given.
   */
  readonly state?: StateOptions
  /** Of topics that are made, which are the changelog and those that `repartition` writes through; that of the cluster unless given. */
  readonly replicationFactor?: number
  /** Of what is written; `none` unless given. */
  readonly compression?: Compression
  /** Is told what happens to tasks. */
  readonly onEvent?: (event: TaskEvent) => void
}

export type { KafkaJob }

/**
 * Runs a pipeline for each partition that the process has in a consumer group, as a task with state of its own. The same program started
 * more than once shares the partitions out; when one joins, leaves or dies, its tasks go on elsewhere, with their state, which is read
 * from a changelog topic.
 *
 * Exactly once: results, state and offsets of a task are committed in one transaction, so that whoever reads committed records of the
 * output sees each result once, whatever becomes of processes. A process that was left out of the group without knowing it can't
 * commit any more.
 *
 * What does not go away by itself ends the process with an error: a topic that is not there, a function that throws. What does is tried
 * again and said aloud (`onNotice`, `onEvent`).
 *
 * @throws TidemarkError `invalid-argument` or `invalid-duration` for a bad option, `wiring` for a pipeline without a sink; later, by `done`, `wiring` for topics whose
 *   partitions don't go together, `input`, `output`, `callback`, `checkpoint`
 * @see KIP-129 and KIP-447, for exactly-once in Kafka Streams
 * @example
 * const job = kafkaJob({
 *   brokers: ['localhost:9092'],
 *   groupId: 'hits-per-hour',
 *   source: topic('hits', { decode: ({ value }) => JSON.parse(String(value)) as Hit }),
 *   pipeline: (hits) =>
 *     hits.pipe(
 *       assignTimestamps((hit) => hit.time, boundedOutOfOrderness('1m')),
 *       keyBy((hit) => hit.host),
 *       window(tumbling('1h'), count()),
 *       panes(),
 *     ),
 *   sink: toKafka<Pane<number, string>>({ topic: 'hits-per-hour', key: ({ key }) => key }),
 * })
 * await job.done
 */
export function kafkaJob<S extends Inputs, T>(options: KafkaJobOptions<S, T>): KafkaJob {
  const { clock = realClock, onEvent = () => {} } = options
  checkConnection('kafkaJob', options)
  const group = toGroupSettings('kafkaJob', options)
  const plan = toPlan(options)
  return new JobProcess({
    connection: options,
    group,
    plan,
    clock,
    replicationFactor: options.replicationFactor,
    onEvent,
  })
}

function toPlan<S extends Inputs, T>(options: KafkaJobOptions<S, T>): TaskPlan {
  const { groupId, source, pipeline, sink, guarantee = 'exactly-once', commitEvery = '1s', compression } = options
  if (typeof pipeline !== 'function') {
    throw new TidemarkError('invalid-argument', `kafkaJob: pipeline must be a function, got ${show(pipeline)}`)
  }
  if (guarantee !== 'exactly-once' && guarantee !== 'at-least-once') {
    throw new TidemarkError(
      'invalid-argument',
      `kafkaJob: guarantee must be 'exactly-once' or 'at-least-once', got ${show(guarantee)}`,
    )
  }
  const every = toPositiveMillis(commitEvery, 'kafkaJob: commitEvery')
  if (guarantee === 'exactly-once' && every > longestTransaction * (2 / 3)) {
    throw new TidemarkError(
      'invalid-argument',
      `kafkaJob: commitEvery must be <= '10m', because brokers end transactions that take longer than 15 minutes, got ${show(commitEvery)}`,
    )
  }
  const { clock, batchSize, bufferLimit, onNotice } = options
  const jobOptions = Object.fromEntries(
    Object.entries({ clock, batchSize, bufferLimit, onNotice }).filter(([, value]) => value !== undefined),
  ) as JobOptions
  const { topics, through, views, make } = planPipeline(source, pipeline as never, sink !== undefined)
  return {
    groupId,
    inputs: topics,
    through,
    views,
    topics: [...topics, ...through],
    changelog: checkedTopic('kafkaJob: changelog', options.changelog ?? `${groupId}-changelog`),
    isExactlyOnce: guarantee === 'exactly-once',
    commitEvery: every,
    transactionTimeout: Math.min(longestTransaction, Math.max(shortestTransaction, 10 * every)),
    compression,
    start: toStartTime('kafkaJob', options.start ?? 'earliest'),
    local: options.state && toLocal(options.state),
    jobOptions,
    pipeline: make,
    sink,
  }
}

function toLocal({ dir, store = logStore, takeOver = false }: StateOptions): (name: string) => LocalStore {
  if (typeof dir !== 'string' || dir === '') {
    throw new TidemarkError('invalid-argument', `kafkaJob: state.dir must be the path of a folder, got ${show(dir)}`)
  }
  return (name) => {
    const folder = join(dir, name)
    return { folder, open: () => store(folder, { takeOver }) }
  }
}
