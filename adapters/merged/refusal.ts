import type { DeadLetter } from '../line/dead-letter.ts'

/** A line that was refused, in the place where its record would be. */
export class Refusal {
  readonly letter: DeadLetter

  constructor(letter: DeadLetter) {
    this.letter = letter
  }
}
