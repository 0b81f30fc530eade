import type { Moment } from '../trigger.ts'

const order: readonly Moment[] = ['any-time', 'completion', 'never']

/** The first of some moments. */
export function earliest(moments: readonly Moment[]): Moment {
  return order.find((moment) => moments.includes(moment)) ?? 'never'
}

/** The last of some moments. */
export function latest(moments: readonly Moment[]): Moment {
  return order.findLast((moment) => moments.includes(moment)) ?? 'never'
}
