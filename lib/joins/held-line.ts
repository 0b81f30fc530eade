/**
 * How many places in front may be empty, unless they are less than half of all. Few, so that the short lines of many keys stay
 * within what an array is given at first.
 */
const slack = 8

/** What has a place among events. */
export interface Placed {
  readonly event: { readonly time: number }
  /** Order of arrival. */
  readonly number: number
}

/**
 * Events in the order of their times, those of equal times in the order of arrival. Adding one that is not behind the others
 * and removing the first cost the same however many there are.
 */
export class HeldLine<H extends Placed> {
  /** Counts what has moved events to other places; adding one at the end moves none. */
  moves = 0
  private readonly places: (H | undefined)[] = []
  /** The time at each place, so that a search needs not look into the events, which lie all over the memory. */
  private readonly times: number[] = []
  /** Place of the first event; the ones before it are empty. */
  private head = 0

  get size(): number {
    return this.places.length - this.head
  }

  get first(): H | undefined {
    return this.places[this.head]
  }

  /** The time of the first event; `Infinity` when there is none. */
  get earliest(): number {
    return this.timeAt(this.head)
  }

  /** The time of the last event; `-Infinity` when there is none. */
  get latest(): number {
    return this.size === 0 ? -Infinity : this.timeAt(this.times.length - 1)
  }

  /** All events, in order. */
  values(): readonly H[] {
    return this.places.slice(this.head) as H[]
  }

  /** The event at a place. */
  at(place: number): H | undefined {
    return this.places[place]
  }

  /** The time of the event at a place; `Infinity` behind the last. */
  timeAt(place: number): number {
    return place < this.times.length ? (this.times[place] ?? Infinity) : Infinity
  }

  /** Adds an event that has come later than all others. */
  add(held: H): void {
    const { places, times } = this
    const { time } = held.event
    if (this.latest <= time) {
      places.push(held)
      times.push(time)
      return
    }
    const place = this.placeAfter(time, held.number)
    places.splice(place, 0, held)
    times.splice(place, 0, time)
    this.moves += 1
  }

  /** Removes the first event. */
  shift(): void {
    const { places } = this
    places[this.head] = undefined
    this.head += 1
    this.moves += 1
    if (this.head < slack || this.head * 2 < places.length) return
    this.compact()
  }

  /** Removes an event wherever it is. */
  remove(held: H): void {
    const place = this.placeAfter(held.event.time, held.number) - 1
    if (this.places[place] !== held) return
    this.moves += 1
    this.places.splice(place, 1)
    this.times.splice(place, 1)
  }

  /** The place of the first event at or after a time. */
  placeOf(time: number): number {
    return this.placeAfter(time, -1)
  }

  /** The place of the first event behind those that are earlier, or as early and came no later than `number`. */
  placeAfter(time: number, number: number): number {
    const { times, places } = this
    let from = this.head
    let until = times.length
    while (from < until) {
      const middle = (from + until) >>> 1
      const found = times[middle] ?? Infinity
      if (found < time || (found === time && (places[middle]?.number ?? Infinity) <= number)) from = middle + 1
      else until = middle
    }
    return from
  }

  /** Moves all to the front. A loop, because `copyWithin` looks at every place as if it might not be there. */
  private compact(): void {
    const { places, times, head, size } = this
    for (let place = 0; place < size; place++) {
      places[place] = places[head + place]
      times[place] = times[head + place] ?? Infinity
    }
    places.length = size
    times.length = size
    this.head = 0
  }
}
