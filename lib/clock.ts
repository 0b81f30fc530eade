/** The only way to processing time. Injected, so that a run can be repeated exactly. */
export interface Clock {
  /** Processing time, epoch ms. */
  now(): number
  /**
   * Calls back once when the clock has reached `time`, never within this call. Returns a function that calls it off.
   *
   * @param time epoch ms
   */
  at(time: number, callback: () => void): () => void
  /** Resolves after the event loop has had a turn, so that a busy job starves nobody. */
  turn(): Promise<void>
}

/** Longest delay that `setTimeout` takes; a later time is reached in several steps. */
const longestDelay = 2 ** 31 - 1

/** The clock on the wall. */
export const realClock: Clock = {
  now: () => Date.now(),
  at(time, callback) {
    let timeout: NodeJS.Timeout
    const arm = (): void => {
      timeout = setTimeout(look, Math.min(Math.max(0, time - Date.now()), longestDelay))
    }
    // Timeouts may come early: by a fraction of a millisecond, or by as much as the wall's clock was set back.
    const look = (): void => (Date.now() < time ? arm() : callback())
    arm()
    return () => clearTimeout(timeout)
  },
  turn,
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

interface Alarm {
  readonly time: number
  readonly callback: () => void
}

/** A clock that moves when it is told to, for tests and replays. */
export class VirtualClock implements Clock {
  #now: number
  readonly #alarms = new Set<Alarm>()

  /** @param start epoch ms */
  constructor(start = 0) {
    this.#now = start
  }

  now(): number {
    return this.#now
  }

  at(time: number, callback: () => void): () => void {
    const alarm = { time, callback }
    this.#alarms.add(alarm)
    return () => this.#alarms.delete(alarm)
  }

  turn(): Promise<void> {
    return turn()
  }

  /** Time of the earliest alarm, if there is one. */
  get next(): number | undefined {
    return this.#due(Infinity)?.time
  }

  /** Moves the clock forward to `time`, stopping at each alarm on the way, in the order of their times. */
  advanceTo(time: number): void {
    for (let alarm = this.#due(time); alarm !== undefined; alarm = this.#due(time)) {
      this.#alarms.delete(alarm)
      this.#now = Math.max(this.#now, alarm.time)
      alarm.callback()
    }
    this.#now = Math.max(this.#now, time)
  }

  /** The earliest alarm up to `time`; of equal ones the first that was set. */
  #due(time: number): Alarm | undefined {
    let earliest: Alarm | undefined
    for (const alarm of this.#alarms) {
      if (alarm.time <= time && (earliest === undefined || alarm.time < earliest.time)) earliest = alarm
    }
    return earliest
  }
}
