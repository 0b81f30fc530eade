import type { DirtyCells } from '../checkpoint/dirty-cells.ts'
import TinyQueue from 'tinyqueue'
import { KeyCells } from '../checkpoint/key-cells.ts'
import { savedValue } from '../checkpoint/saved-parts.ts'
import type { SavedPart } from '../checkpoint/saved-state.ts'
import { type AnyEvent, event } from '../element.ts'
import { History } from './history.ts'

/** From when on it is known what the key had, and value and time of each change. */
type SavedHistory<E extends AnyEvent> = readonly [number, readonly (readonly [E['value'], number])[]]

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
  private readonly cells: KeyCells<E['key']>

  /** @param dirty counts what changes, if checkpoints are taken */
  constructor(dirty?: DirtyCells) {
    this.cells = new KeyCells(
      {
        keys: () => this.histories.keys(),
        save: (key) => {
          const history = this.histories.get(key)
          return history && [history.since, history.kept.map(({ value, time }) => [value, time])]
        },
        load: (key, cell) => this.load(key, cell as SavedHistory<E>),
      },
      dirty,
    )
  }

  /** The table as checkpoints see it. */
  saved(): Readonly<Record<'histories' | 'since', SavedPart>> {
    return {
      histories: this.cells,
      since: savedValue(
        () => this.since,
        (time) => (this.since = time),
      ),
    }
  }

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
    this.cells.note(change.key)
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
    this.cells.note(history.key)
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
    this.cells.noteAll()
    this.histories.clear()
    this.queue = emptyQueue()
    this.freed += this.size
    this.size = 0
    this.since = Infinity
  }

  private load(key: E['key'], [since, changes]: SavedHistory<E>): void {
    let history: History<E> | undefined
    for (const [value, time] of changes) {
      // Nobody asks for the pane of a row.
      const change = event(value, time, key) as AnyEvent as E
      if (history === undefined) this.histories.set(key, (history = new History(change, since)))
      else history.add(change)
    }
    if (history === undefined) return
    this.size += history.size
    this.enqueue(history)
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
