import TinyQueue from 'tinyqueue'
import type { AnyEvent } from '../element.ts'
import { History } from './history.ts'

interface Due<E extends AnyEvent> {
  readonly history: History<E>
  readonly watermark: number
}

/**
 * What each key of a table had at which time, as far back as an event at the watermark needs it. A key whose last change deletes
 * is forgotten when the watermark has reached that.
 */
export class VersionTable<E extends AnyEvent> {
  /** Changes that are kept. */
  size = 0
  /** Changes that are gone. */
  freed = 0
  private readonly histories = new Map<E['key'], History<E>>()
  /** A history is in it when something can be freed of it; also under watermarks that were right once. */
  private queue = emptyQueue<E>()
  /** From this time on it is known of the keys that are not here that they had nothing. */
  private since = -Infinity

  /** Tells whether it is known what a key had at a time. */
  knows(key: E['key'], time: number): boolean {
    return time >= (this.histories.get(key)?.since ?? this.since)
  }

  /** The change of a key that was valid at a time. */
  at(key: E['key'], time: number): E | undefined {
    return this.histories.get(key)?.at(time)
  }

  /** Adds a change at a time of which it is known what the key had. */
  add(change: E): void {
    let history = this.histories.get(change.key)
    if (history === undefined) {
      history = new History(change, this.since)
      this.histories.set(change.key, history)
      this.size += 1
    } else if (history.add(change)) this.freed += 1
    else this.size += 1
    this.enqueue(history)
  }

  /** Frees what `watermark` lets go of one key. False if there was none to look at. */
  freeOne(watermark: number): boolean {
    const next = this.queue.peek()
    if (next === undefined || next.watermark > watermark) return false
    this.queue.pop()
    const { history } = next
    if (history.queued !== next.watermark) return true
    history.queued = Infinity
    const freed = history.free(watermark)
    this.size -= freed
    this.freed += freed
    if (history.size > 0) this.enqueue(history)
    else {
      this.histories.delete(history.key)
      this.since = Math.max(this.since, history.since)
    }
    return true
  }

  /** Frees everything, and takes nothing any more. */
  close(): void {
    this.histories.clear()
    this.queue = emptyQueue()
    this.freed += this.size
    this.size = 0
    this.since = Infinity
  }

  /** Queues a history, unless it is there at a watermark that is not too late. */
  private enqueue(history: History<E>): void {
    const { due } = history
    if (due >= history.queued) return
    history.queued = due
    this.queue.push({ history, watermark: due })
  }
}

function emptyQueue<E extends AnyEvent>(): TinyQueue<Due<E>> {
  return new TinyQueue<Due<E>>([], (a, b) => a.watermark - b.watermark)
}
