import type { KeyState } from '../running/key-state.ts'
import type { EventTimer } from './event-timers.ts'

/** A processing-time timer that has not fired. */
export interface ClockTimer {
  readonly time: number
  /** In the order in which they were set: breaks ties. */
  readonly number: number
  readonly cancel: () => void
}

/** What a machine holds for a key; what its logic holds is added by a subclass. */
export class KeyedState<K> implements KeyState<K> {
  readonly key: K
  /** The latest time that belongs to it: an event's, or that of a timer set by an event, less what the key is kept. */
  latest: number
  number = 0
  isChanged = false
  /** The time of its latest event. */
  time: number
  /** By name. */
  timers: Map<string, EventTimer<this>> | undefined
  /** Those of processing time, by name. */
  clocks: Map<string, ClockTimer> | undefined

  constructor(key: K, time: number) {
    this.key = key
    this.latest = time
    this.time = time
  }

  get hasTimers(): boolean {
    return (this.timers?.size ?? 0) + (this.clocks?.size ?? 0) > 0
  }
}
