import TinyQueue from 'tinyqueue'

interface Timed {
  readonly time: number
}

interface Straggler<E> {
  readonly event: E
  /** In the order of arrival. */
  readonly number: number
}

/**
 * Events in the order of their times, those of one time in the order in which they came. Those that come in order stand in a
 * ring; only one that is behind the last of these costs a heap operation.
 */
export class TimeQueue<E extends Timed> {
  private ring: (E | undefined)[] = emptyRing(16)
  private head = 0
  private inRing = 0
  private last: number = -Infinity
  /** All are before the last in the ring, so the ring is never the first to be empty. */
  private readonly stragglers = new TinyQueue<Straggler<E>>(
    [],
    (a, b) => a.event.time - b.event.time || a.number - b.number,
  )
  private numbers = 0

  get size(): number {
    return this.inRing + this.stragglers.length
  }

  /** The time of the first event; `Infinity` when there is none. */
  get firstTime(): number {
    const first = this.ring[this.head]?.time ?? Infinity
    const straggler = this.stragglers.peek()?.event.time ?? Infinity
    return Math.min(first, straggler)
  }

  push(event: E): void {
    if (this.inRing > 0 && event.time < this.last) {
      this.stragglers.push({ event, number: this.numbers++ })
      return
    }
    if (this.inRing === this.ring.length) this.grow()
    this.ring[(this.head + this.inRing) & (this.ring.length - 1)] = event
    this.inRing += 1
    this.last = event.time
  }

  /** Removes and returns the first event, if it lies before `time`. */
  takeBefore(time: number): E | undefined {
    const first = this.ring[this.head]
    if (first === undefined) return undefined
    const straggler = this.stragglers.peek()?.event
    // Of equal times the one in the ring came first: when the straggler came, the ring had gone beyond that time.
    const next = straggler !== undefined && straggler.time < first.time ? straggler : first
    if (next.time >= time) return undefined
    if (next === straggler) this.stragglers.pop()
    else {
      this.ring[this.head] = undefined
      this.head = (this.head + 1) & (this.ring.length - 1)
      this.inRing -= 1
    }
    return next
  }

  private grow(): void {
    const { ring, head, inRing } = this
    const grown = emptyRing<E>(2 * ring.length)
    for (let i = 0; i < inRing; i++) grown[i] = ring[(head + i) & (ring.length - 1)]
    this.ring = grown
    this.head = 0
  }
}

/** @param size a power of two */
function emptyRing<E>(size: number): (E | undefined)[] {
  return Array.from({ length: size }, () => undefined)
}
