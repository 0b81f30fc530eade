import { TidemarkError } from '../lib/errors.ts'
import type { TimeStyle } from './marbles.ts'

/** The styles seen so far in a diagram that is being read. */
export interface SeenTimes {
  event: TimeStyle
  processing: TimeStyle
}

/** Reads one line of a diagram from left to right and says where it went wrong. */
export class MarbleReader {
  readonly text: string
  /** Counts from 1. */
  readonly line: number
  readonly times: SeenTimes
  /** Index of the next character. */
  at = 0

  constructor(text: string, line: number, times: SeenTimes) {
    this.text = text
    this.line = line
    this.times = times
  }

  get done(): boolean {
    return this.at >= this.text.length
  }

  /** Takes what a sticky pattern matches here, `undefined` if it does not match. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const match = pattern.exec(this.text)?.[0]
    if (match !== undefined) this.at += match.length
    return match
  }

  /** Where the reader stands, for messages; `at` is an index, columns count from 1. */
  where(at: number = this.at): string {
    return `parseMarbles: line ${this.line}, column ${at + 1}`
  }

  /** The error to throw: what was expected and what came, with the line and a caret below the place. */
  error(expected: string, at: number = this.at): TidemarkError {
    const got = /^\S+/.exec(this.text.slice(at))?.[0] ?? (at < this.text.length ? 'a blank' : 'the end of the line')
    const place = `${this.text}\n${' '.repeat(at)}^`
    return new TidemarkError('invalid-argument', `${this.where(at)}: expected ${expected}, got ${got}\n${place}`)
  }
}
