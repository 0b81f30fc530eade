import { isUtf8 } from 'node:buffer'

/** Writes the lines of a recording, as `recordedArrivals` reads them. */
export class RecordingWriter {
  readonly #start: number
  #last = 0

  /** @param start when it begins, epoch ms */
  constructor(start: number) {
    this.#start = start
  }

  /** The first line. */
  head(): string {
    return `${JSON.stringify({ recording: 1, start: new Date(this.#start).toISOString() })}\n`
  }

  /**
   * The line of a piece; of nothing at the end of the input.
   *
   * @param time when it came, epoch ms; a clock that was set back stands still
   */
  piece(time: number, bytes: Buffer): string {
    this.#last = Math.max(this.#last, time - this.#start)
    const content = isUtf8(bytes) ? { text: bytes.toString() } : { base64: bytes.toString('base64') }
    return `${JSON.stringify({ at: this.#last, ...content })}\n`
  }
}
