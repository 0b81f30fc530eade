import type { AnyEvent } from '../element.ts'
import { show, TidemarkError } from '../errors.ts'

/** What holds the row that is taken back, if that is there. */
export function rowOf<H, E extends AnyEvent>(holder: H | undefined, row: E | undefined, { value, time }: E): H {
  if (holder !== undefined && row !== undefined && row.time === time && mayBeEqual(row.value, value)) return holder
  throw new TidemarkError('unsupported', `expected to take back a row that is there, got ${show(value)}`)
}

/** A function in front makes each object anew, so that of two nobody can tell whether they stand for one row. */
function mayBeEqual(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || (isObject(a) && isObject(b))
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

/** Ends the job for a row that comes while another one of its key is there. */
export function refuseSecond(value: unknown): never {
  throw new TidemarkError(
    'unsupported',
    `expected the row of the key to be taken back before the next one, got ${show(value)}; make a table with toTable`,
  )
}
