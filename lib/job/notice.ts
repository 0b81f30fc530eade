/** Something that a job says aloud, because somebody should know, though nothing is wrong yet. */
export interface Notice {
  /**
   * - `growing-state`: an operator holds much, and lets go of none of it before the input ends
   * - `not-replayable`: a job with checkpoints reads what can't be had again after a crash
   * - `gap`: a source may have lost values before it could read them
   * - `trouble`: something outside does not answer as it should, and is tried again
   */
  readonly code: 'growing-state' | 'not-replayable' | 'gap' | 'trouble'
  /** Id of the operator, or name of the source. */
  readonly operator: string
  /** For people: who, what is held and why, and how fast it grows. */
  readonly message: string
}

/** What becomes of notices unless a job is told otherwise: each is a warning of the process. */
export function warn({ code, message }: Notice): void {
  process.emitWarning(message, { type: 'TidemarkNotice', code })
}
