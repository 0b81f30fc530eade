/** Where an RxJS observable pushes into a job. */
export interface Inlet {
  /** Nothing of the job is behind it, so that it ends by itself or when it is made to. */
  readonly isRoot: boolean
  /** Unsubscribes, and lets its receiver see the end. */
  end(): void
}
