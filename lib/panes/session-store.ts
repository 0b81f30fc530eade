import type { Window } from '../window.ts'
import { EndQueue } from './end-queue.ts'
import { Pane } from './pane.ts'

/** A window of one key, which may still merge with others. */
export class Session<K, R> extends Pane<K, unknown, R> {
  /** Order of opening: breaks ties between ends. */
  readonly number: number
  /** The end under which it is queued: the one it has, or one it had before it grew. */
  queued = 0
  /** The on-time pane has left, and the window has not grown beyond the watermark since. */
  isComplete = false
  /** It has merged into another one, or expired. */
  isGone = false
  events = 0

  constructor(window: Window, key: K, accumulator: unknown, state: unknown, number: number) {
    super(window, key, accumulator, state)
    this.number = number
  }
}

/** The open windows of each key, handed out in the order in which the watermark completes and expires them. */
export class SessionStore<K, R> {
  readonly #allowedLateness: number
  /** Those of a key, by their starts. */
  readonly #byKey = new Map<K, Session<K, R>[]>()
  readonly #incomplete = new EndQueue<Session<K, R>>((session) => !session.isComplete)
  /** Complete, but still taking late events. */
  readonly #lingering = new EndQueue<Session<K, R>>((session) => session.isComplete)
  #numbers = 0
  size = 0

  /** @param allowedLateness ms */
  constructor(allowedLateness: number) {
    this.#allowedLateness = allowedLateness
  }

  /** No window completes or expires at a lower watermark. */
  get due(): number {
    return Math.min(this.#incomplete.due, this.#lingering.due + this.#allowedLateness)
  }

  /** The watermark at which a window expires. */
  expiry(window: Window): number {
    return window.end + this.#allowedLateness
  }

  /** The open windows of a key, by their starts. */
  of(key: K): readonly Session<K, R>[] {
    return this.#byKey.get(key) ?? []
  }

  /** The open windows of a key that start in `[from, until]`. */
  startingIn(key: K, from: number, until: number): readonly Session<K, R>[] {
    const sessions = this.of(key)
    return sessions.slice(firstAfter(sessions, from - 1), firstAfter(sessions, until))
  }

  /** Opens a window as the `index`th of its key; `watermark` decides whether it is complete from the start. */
  open(window: Window, key: K, index: number, accumulator: unknown, state: unknown, watermark: number): Session<K, R> {
    const session = new Session<K, R>(window, key, accumulator, state, this.#numbers++)
    const sessions = this.#byKey.get(key)
    if (sessions === undefined) this.#byKey.set(key, [session])
    else sessions.splice(index, 0, session)
    this.size += 1
    this.mark(session, window.end <= watermark)
    return session
  }

  /** Says that a window is complete, or that it has grown and is so no more. */
  mark(session: Session<K, R>, isComplete: boolean): void {
    session.isComplete = isComplete
    if (isComplete) this.#lingering.push(session)
    else this.#incomplete.push(session)
  }

  /** Removes a window that has merged into another one, or expired. */
  remove(session: Session<K, R>): void {
    const { key } = session
    session.isGone = true
    session.isOver = true
    this.size -= 1
    const sessions = this.#byKey.get(key)
    sessions?.splice(sessions.indexOf(session), 1)
    if (sessions?.length === 0) this.#byKey.delete(key)
  }

  /** Takes the window that is next in the order of ends, of those that `watermark` completes or expires, from its queue. */
  take(watermark: number): Session<K, R> | undefined {
    // What lingers ended before what is not complete.
    return this.#lingering.take(watermark - this.#allowedLateness) ?? this.#incomplete.take(watermark)
  }
}

/** The index of the first window that starts after `time`. */
export function firstAfter<K, R>(sessions: readonly Session<K, R>[], time: number): number {
  let from = 0
  let until = sessions.length
  while (from < until) {
    const middle = (from + until) >>> 1
    if ((sessions[middle]?.window.start ?? Infinity) > time) until = middle
    else from = middle + 1
  }
  return from
}
