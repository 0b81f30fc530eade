import type { SideWriter } from '../wiring/side-output.ts'

/** Where the events go that no window takes. */
export interface WindowOutputs<E> {
  /** Too late for all of its windows. */
  readonly late: SideWriter<E> | undefined
  /** Not too late for all, but the triggers of the others were finished. */
  readonly closed: SideWriter<E> | undefined
}
