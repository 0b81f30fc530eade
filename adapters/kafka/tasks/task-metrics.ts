import type { JobMetrics } from '../../../lib/metrics.ts'

/** One partition that a task reads. */
export interface TaskInputMetrics {
  readonly topic: string
  /** What came before this offset has gone through the pipeline. */
  readonly position: number
  /** Behind the last record that could be read when the broker answered last. */
  readonly end: number | undefined
  /** From `position` to `end`: records, and with them the marks of transactions that lie between. Undefined while `end` is. */
  readonly lag: number | undefined
  /** Records are known to be there that have not been read. */
  readonly isBehind: boolean
}

/** A task at one moment. */
export interface TaskMetrics {
  readonly partition: number
  /** How much of the changelog has been read, from 0 to 1. */
  readonly restored: number
  readonly inputs: readonly TaskInputMetrics[]
  /** How far event time has come: the lowest watermark of its operators, epoch ms. Undefined before there is one. */
  readonly watermark: number | undefined
  /** ms. How far that is behind the clock. */
  readonly eventTimeLag: number | undefined
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

/** How far the event time of a job has come. */
export function eventTimes(job: JobMetrics | undefined, now: number): Pick<TaskMetrics, 'watermark' | 'eventTimeLag'> {
  // What makes values of records has no event time.
  const times = (job?.operators ?? []).filter(({ name }) => name !== 'decode').map(({ watermark }) => watermark)
  const watermark = Math.min(...times)
  return Number.isFinite(watermark)
    ? { watermark, eventTimeLag: Math.max(0, now - watermark) }
    : { watermark: undefined, eventTimeLag: undefined }
}
