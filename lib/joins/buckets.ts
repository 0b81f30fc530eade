import type { AnyEvent } from '../element.ts'
import { Bucket } from './bucket.ts'

/** Buckets by their key. */
export class Buckets<A extends AnyEvent, B extends AnyEvent> {
  private readonly buckets = new Map<unknown, Bucket<A, B>>()
  /** The one that was asked for last: an update asks for the same one twice. */
  private latest: Bucket<A, B> | undefined = undefined

  get size(): number {
    return this.buckets.size
  }

  values(): Iterable<Bucket<A, B>> {
    return this.buckets.values()
  }

  get(key: unknown): Bucket<A, B> | undefined {
    const { latest } = this
    if (latest !== undefined && latest.key === key) return latest
    this.latest = this.buckets.get(key)
    return this.latest
  }

  /** Adds the bucket of a key that has none. */
  add(key: unknown): Bucket<A, B> {
    const bucket = new Bucket<A, B>(key)
    this.buckets.set(key, bucket)
    this.latest = bucket
    return bucket
  }

  remove({ key }: Bucket<A, B>): void {
    this.buckets.delete(key)
    this.latest = undefined
  }

  clear(): void {
    this.buckets.clear()
    this.latest = undefined
  }
}
