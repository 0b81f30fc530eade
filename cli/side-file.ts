import type { Observable } from 'rxjs'
import type { Route } from '../lib/run.ts'

/** A file of NDJSON that several outputs of a job write to. */
export interface SideFile {
  /** Leads an output into the file, each value as the JSON of what `shown` makes of it. */
  route<T>(values: Observable<T>, shown: (value: T) => unknown): Route
  /** Closes the file when all has been written. */
  close(): Promise<void>
}
