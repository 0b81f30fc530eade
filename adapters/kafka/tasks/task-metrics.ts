import type { JobMetrics } from '../../../lib/metrics.ts'

/** One partition that a task reads. */
export interface TaskInputMetrics {
  readonly topic: string
  /** Behind the last record that could be read when the broker answered last. */
  readonly end: number | undefined
  /** Records are known to be there that have not been read. */
  readonly isBehind: boolean
}

/** A task at one moment. */
export interface TaskMetrics {
  readonly partition: number
  /** How much of the changelog has been read, from 0 to 1. */
  readonly restored: number
  readonly inputs: readonly TaskInputMetrics[]
  /** Undefined before it has begun. */
  readonly job: JobMetrics | undefined
}

/** A process of a job at one moment. */
export interface KafkaJobMetrics {
  /** It is in the group. */
  readonly isMember: boolean
  /** How often its partitions have changed. */
  readonly rebalances: number
  /** Of the partitions that it has. */
  readonly tasks: readonly TaskMetrics[]
}
