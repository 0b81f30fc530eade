import { finalResult } from '../final-result.ts'

/** Options of laws that compare what a pipeline has come to. */
export interface OutcomeOptions {
  /**
   * What of all that came out has to agree; `finalResult` unless given, which takes the last pane of each window. A pipeline with
   * discarding panes wants their sum.
   */
  readonly outcome?: (elements: readonly unknown[]) => readonly unknown[]
}

export function outcomeOf({
  outcome = finalResult,
}: OutcomeOptions): (elements: readonly unknown[]) => readonly unknown[] {
  return outcome
}
