import type { Observable } from 'rxjs'
import type { KafkaRecord } from '../kafka-record.ts'
import type { RecordWriter } from '../record-writer.ts'
import type { QueryRows } from './query-machine.ts'

/** What belongs to the task whose pipeline is being made. */
export interface TaskScope {
  /** The number of the task, which is that of its partitions. */
  readonly partition: number
  /** How many tasks there are. */
  readonly partitions: number
  /** The task's partition of a topic. One that is not among the inputs becomes one. */
  source(topic: string): Observable<KafkaRecord>
  /** Names rows that are to be looked into; gives what they are handed to when they are there. */
  view(name: string): (rows: QueryRows) => void
  /** Writes in the task's transaction; undefined while the pipeline is only looked at. */
  readonly writer: RecordWriter | undefined
}

let current: TaskScope | undefined

/** The scope of the pipeline that is being made; undefined outside. */
export function taskScope(): TaskScope | undefined {
  return current
}

/** Makes a pipeline in a scope. */
export function withinTask<R>(scope: TaskScope, make: () => R): R {
  const outer = current
  current = scope
  try {
    return make()
  } finally {
    current = outer
  }
}
