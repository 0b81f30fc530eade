/** What a cell is taken to have before any was written. */
const assumedBytes = 64

/** The cells of a job that the next checkpoint has to write. */
export class DirtyCells {
  /** How many there are. */
  count = 0
  #cellBytes = assumedBytes

  /** About how many bytes they will take. */
  get bytes(): number {
    return this.count * this.#cellBytes
  }

  /**
   * A checkpoint has them.
   *
   * @param cellBytes what one of those written took, on average; NaN if there were none
   */
  written(cellBytes: number): void {
    this.count = 0
    if (cellBytes > 0) this.#cellBytes = cellBytes
  }
}
