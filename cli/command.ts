import type { Call } from './call.ts'

/** What stands in front of the FILEs to do something else with them. */
export interface Command {
  readonly name: string
  /** What may stand behind its name, in the help. */
  readonly words: string
  readonly summary: string
  /** All that stands behind its name are words of its own, also what looks like an option. */
  readonly takesAll?: boolean
  readonly load: () => Promise<Handler>
}

/**
 * Carries out a call.
 *
 * @param commands all there are, for those that tell of them
 * @returns an exit code, unless all is well
 */
export type Handler = (call: Call, commands: readonly Command[]) => number | void | Promise<number | void>
