import type { AnyEvent } from '../element.ts'

/** A row of the left table, in the bucket of the right key that it goes with. It knows its neighbours there. */
export interface LeftRow<A extends AnyEvent, B extends AnyEvent> {
  readonly event: A
  readonly bucket: Bucket<A, B>
  /** Order of arrival over all buckets. */
  readonly number: number
  previous: LeftRow<A, B> | undefined
  next: LeftRow<A, B> | undefined
}

/** The right row of a key, and all left rows that go with it, in the order in which they came. */
export class Bucket<A extends AnyEvent, B extends AnyEvent> {
  readonly key: unknown
  right: B | undefined = undefined
  /** It waits for the end of the change under way. */
  isUnsettled = false
  /** It has not been said yet that the left rows have no partner. */
  owesLeft = false
  /** It has not been said yet that the right row has no partner. */
  owesRight = false
  first: LeftRow<A, B> | undefined = undefined
  private last: LeftRow<A, B> | undefined = undefined

  constructor(key: unknown) {
    this.key = key
  }

  get isEmpty(): boolean {
    return this.first === undefined && this.right === undefined
  }

  add(event: A, number: number): LeftRow<A, B> {
    const { last } = this
    const row: LeftRow<A, B> = { event, bucket: this, number, previous: last, next: undefined }
    if (last === undefined) this.first = row
    else last.next = row
    this.last = row
    return row
  }

  /** Removes one of its rows. */
  remove(row: LeftRow<A, B>): void {
    const { previous, next } = row
    if (previous === undefined) this.first = next
    else previous.next = next
    if (next === undefined) this.last = previous
    else next.previous = previous
  }
}
