import * as fc from 'fast-check'
import { type Diff, event, type Event } from '../lib/element.ts'
import { type Duration, toNonNegativeMillis } from '../lib/time.ts'

/** Options of `changelogs`. */
export interface ChangelogsOptions<T> {
  readonly value: fc.Arbitrary<T>
  readonly key: fc.Arbitrary<string>
  /** Length of event time that the changes lie in, half of it before 1970. */
  readonly span: Duration
  /** The most changes; 30 unless given. */
  readonly maxLength?: number
}

/**
 * Makes changelogs: rows of a table that are inserted, replaced and deleted. What is taken back stands, with the same key, value and
 * time; a replaced row is taken back before the new one comes. They shrink to fewer changes, then to smaller values.
 *
 * When to use it: for operators and pipelines that take values back, in place of `events`, which never does.
 *
 * @throws TidemarkError `invalid-duration` for a span that is none
 */
export function changelogs<T>({
  value,
  key,
  span,
  maxLength = 30,
}: ChangelogsOptions<T>): fc.Arbitrary<readonly Event<T, string, undefined, Diff>[]> {
  const half = Math.ceil(toNonNegativeMillis(span, 'changelogs: span') / 2)
  const change = fc.record({
    key,
    value: fc.option(value, { nil: undefined }),
    time: fc.integer({ min: -half, max: half }),
  })
  return fc.array(change, { maxLength }).map((changes) => {
    const rows = new Map<string, Event<T, string, undefined, Diff>>()
    const log: Event<T, string, undefined, Diff>[] = []
    for (const { key: of, value: to, time } of changes) {
      const before = rows.get(of)
      if (before !== undefined) log.push({ ...before, diff: -1 })
      rows.delete(of)
      if (to === undefined) continue
      const row: Event<T, string, undefined, Diff> = event<T, string, undefined, Diff>(to, time, of)
      rows.set(of, row)
      log.push(row)
    }
    return log
  })
}
