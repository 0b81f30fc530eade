import type { Observable } from 'rxjs'
import type { JobOptions } from '../../../lib/job/job-options.ts'
import type { Route } from '../../../lib/run.ts'
import type { Sink } from '../../../lib/sink.ts'
import type { Compression, OffsetTime } from '../driver.ts'
import type { LocalStore } from './local-state.ts'
import type { TaskScope } from './task-scope.ts'

/** Which of the tasks a sink is for. */
export interface TaskInfo {
  readonly partition: number
}

/** What a job's tasks do, validated. */
export interface TaskPlan {
  readonly groupId: string
  /** The topics of the inputs. */
  readonly inputs: readonly string[]
  /** Those that the pipeline writes through. */
  readonly through: readonly string[]
  /** The names of its views. */
  readonly views: readonly string[]
  /** Those that tasks read: inputs, and those that the pipeline writes through. */
  readonly topics: readonly string[]
  readonly changelog: string
  readonly isExactlyOnce: boolean
  /** ms */
  readonly commitEvery: number
  readonly transactionTimeout: number
  readonly compression: Compression | undefined
  readonly start: OffsetTime
  /** Where copies of state are kept on the machine, by the names of tasks; nowhere if undefined. */
  readonly local: ((name: string) => LocalStore) | undefined
  readonly jobOptions: JobOptions
  pipeline(scope: TaskScope): Observable<unknown> | readonly Route[]
  /** Undefined if the pipeline gives routes. */
  readonly sink: undefined | Sink<unknown> | ((task: TaskInfo) => Sink<unknown>)
}
