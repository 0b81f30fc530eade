import type { Notice } from '../job/notice.ts'
import type { OperatorMetrics } from '../metrics.ts'

/** What an operator lets go of only when the input ends, so that there is ever more of it. */
export interface Endless {
  /** `keys`: an entry of its state for each; `events`: each of them. */
  readonly of: 'keys' | 'events'
  /** What has made it so: `keep is 'forever'`. */
  readonly because: string
}

/** How much there must be before anything is said. */
const much = 100_000
const day = 86_400_000

/** Watches state that has no end, and says once that there is much of it, with an estimate of how much more there will be. */
export class Growth {
  private readonly endless: Endless
  private readonly notify: (notice: Notice) => void
  /** The first watermark seen, epoch ms. */
  private since: number | undefined
  private hasSaid = false

  constructor(endless: Endless, notify: (notice: Notice) => void) {
    this.endless = endless
    this.notify = notify
  }

  /** Looks at the operator; called every so often. */
  look({ id, held, entries, watermark }: OperatorMetrics): void {
    if (this.hasSaid || !Number.isFinite(watermark)) return
    this.since ??= watermark
    const { of, because } = this.endless
    const count = of === 'keys' ? entries : held
    if (count < much) return
    this.hasSaid = true
    const message = `${id}: holds ${format(count)} ${of}, and lets go of none before the input ends, because ${because}`
    const span = watermark - this.since
    const rate =
      span > 0 ? `; about ${format(Number(((count / span) * day).toPrecision(2)))} more for each day of event time` : ''
    this.notify({ code: 'growing-state', operator: id, message: message + rate })
  }
}

function format(count: number): string {
  return count.toLocaleString('en')
}
