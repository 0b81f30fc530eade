/** Someone who waits for the end of a change to say what has come of it. */
export interface Unsettled {
  settle(): void
}

/**
 * An update is what takes a result back and what comes in its place, in one call. Between the two a join knows of a row whose
 * partner has gone, and not whether the next one follows. So it waits for the end of the call before it says that there is none.
 *
 * There is one for all jobs: everything in a call belongs to it, and nothing outlives it.
 */
class OneChange {
  private depth = 0
  private readonly unsettled: Unsettled[] = []

  /** Makes a change of what leaves in a function. */
  make(parts: () => void): void {
    this.begin()
    try {
      parts()
    } catch (error) {
      this.fail()
      throw error
    }
    this.end()
  }

  /** Begins the parts of a change; those of one within another belong to that. */
  begin(): void {
    this.depth += 1
  }

  /** Ends what was begun, and with the outermost one lets all say what they have put off. */
  end(): void {
    if (this.depth > 1) {
      this.depth -= 1
      return
    }
    // Mostly nobody waits.
    if (this.unsettled.length === 0) {
      this.depth = 0
      return
    }
    try {
      // What one says may make another one wait.
      for (const each of this.unsettled) each.settle()
    } finally {
      this.close()
    }
  }

  /** Ends what was begun and has failed. */
  fail(): void {
    if (this.depth > 1) this.depth -= 1
    else this.close()
  }

  /** Asks to be called when the change that has begun is complete. */
  whenComplete(unsettled: Unsettled): void {
    this.unsettled.push(unsettled)
  }

  private close(): void {
    this.depth = 0
    this.unsettled.length = 0
  }
}

/** The change that is under way. */
export const oneChange: OneChange = new OneChange()
