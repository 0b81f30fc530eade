import type { Window } from '../window.ts'
import { EndQueue } from './end-queue.ts'
import { Pane, type Waiting } from './pane.ts'

/** A window that may be changed, as long as it has not been handed out. */
interface OwnedWindow extends Window {
  start: number
  end: number
}

function owned({ start, end }: Window): OwnedWindow {
  return { start, end }
}

/** A window of one key, which may still merge with others. */
export class Session<K, R, A = unknown> extends Pane<K, A, R> {
  /** The end under which it is queued: the one it has, or one it had before it grew. */
  queued = 0
  /** The on-time pane has left, and the window has not grown beyond the watermark since. */
  isComplete = false
  events = 0

  constructor(window: Window, key: K, accumulator: A, waiting: Waiting | undefined, number: number) {
    super(owned(window), key, accumulator, waiting)
    this.number = number
  }

  override become(window: Window): void {
    super.become(owned(window))
  }

  /** Becomes longer before anybody has seen it: as `become`, but nothing has to be made anew. */
  grow({ start, end }: Window): void {
    const window = this.window as OwnedWindow
    this.waiting?.grow(window.end)
    if (start < window.start) window.start = start
    if (end > window.end) window.end = end
  }
}

/** The open windows of each key, handed out in the order in which the watermark completes and expires them. */
export class SessionStore<K, R, A = unknown> {
  readonly #allowedLateness: number
  /** The one that a key has, or several, by their starts. */
  readonly #byKey = new Map<K, Session<K, R, A> | Session<K, R, A>[]>()
  readonly #incomplete = new EndQueue<Session<K, R, A>>((session) => !session.isComplete)
  /** Complete, but still taking late events. */
  readonly #lingering = new EndQueue<Session<K, R, A>>((session) => session.isComplete)
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

  /** All that are open. */
  *all(): Generator<Session<K, R, A>> {
    for (const sessions of this.#byKey.values()) {
      if (Array.isArray(sessions)) yield* sessions
      else yield sessions
    }
  }

  /** The open windows of a key, by their starts. */
  of(key: K): readonly Session<K, R, A>[] {
    const sessions = this.#byKey.get(key) ?? []
    return Array.isArray(sessions) ? sessions : [sessions]
  }

  /** The open window of a key that has but one. */
  only(key: K): Session<K, R, A> | undefined {
    const sessions = this.#byKey.get(key)
    return Array.isArray(sessions) ? undefined : sessions
  }

  /** The open windows of a key that start in `[from, until]`. */
  startingIn(key: K, from: number, until: number): readonly Session<K, R, A>[] {
    const sessions = this.of(key)
    return sessions.slice(firstAfter(sessions, from - 1), firstAfter(sessions, until))
  }

  /** Opens a window as the `index`th of its key; `watermark` decides whether it is complete from the start. */
  open(
    window: Window,
    key: K,
    index: number,
    accumulator: A,
    waiting: Waiting | undefined,
    watermark: number,
  ): Session<K, R, A> {
    return this.#put(window, key, index, accumulator, waiting, this.#numbers, window.end <= watermark)
  }

  /** Takes a window back that was open before a job was recovered. */
  restore(
    window: Window,
    key: K,
    accumulator: A,
    waiting: Waiting | undefined,
    number: number,
    isComplete: boolean,
  ): Session<K, R, A> {
    return this.#put(window, key, firstAfter(this.of(key), window.start), accumulator, waiting, number, isComplete)
  }

  /** Says that a window is complete, or that it has grown and is so no more. */
  mark(session: Session<K, R, A>, isComplete: boolean): void {
    session.isComplete = isComplete
    if (isComplete) this.#lingering.push(session)
    else this.#incomplete.push(session)
  }

  /** Removes a window that has merged into another one, or expired. */
  remove(session: Session<K, R, A>): void {
    const { key } = session
    session.isGone = true
    session.release()
    this.size -= 1
    const sessions = this.#byKey.get(key)
    if (!Array.isArray(sessions)) {
      this.#byKey.delete(key)
      return
    }
    sessions.splice(sessions.indexOf(session), 1)
    const [first] = sessions
    if (sessions.length === 1 && first !== undefined) this.#byKey.set(key, first)
  }

  /** Takes the window that is next in the order of ends, of those that `watermark` completes or expires, from its queue. */
  take(watermark: number): Session<K, R, A> | undefined {
    // What lingers ended before what is not complete.
    return this.#lingering.take(watermark - this.#allowedLateness) ?? this.#incomplete.take(watermark)
  }

  #put(
    window: Window,
    key: K,
    index: number,
    accumulator: A,
    waiting: Waiting | undefined,
    number: number,
    isComplete: boolean,
  ): Session<K, R, A> {
    const session = new Session<K, R, A>(window, key, accumulator, waiting, number)
    this.#numbers = Math.max(this.#numbers, number + 1)
    const sessions = this.#byKey.get(key)
    if (sessions === undefined) this.#byKey.set(key, session)
    else if (Array.isArray(sessions)) sessions.splice(index, 0, session)
    else this.#byKey.set(key, index === 0 ? [session, sessions] : [sessions, session])
    this.size += 1
    this.mark(session, isComplete)
    return session
  }
}

/** The index of the first window that starts after `time`. */
export function firstAfter(sessions: readonly { readonly window: Window }[], time: number): number {
  let from = 0
  let until = sessions.length
  while (from < until) {
    const middle = (from + until) >>> 1
    if ((sessions[middle]?.window.start ?? Infinity) > time) until = middle
    else from = middle + 1
  }
  return from
}
