import type { Sample } from './sample.ts'

/** What was tried, over all cases that were looked at. */
export class Distribution {
  readonly samples: Sample[] = []

  /** The share of cases of which something is true, from 0 to 1. */
  share(holds: (sample: Sample) => boolean): number {
    return this.samples.length === 0 ? 0 : this.samples.filter(holds).length / this.samples.length
  }

  /** The sum of a count. */
  sum(count: keyof Sample): number {
    return this.samples.reduce((sum, sample) => sum + sample[count], 0)
  }

  /** A few lines for people. */
  toString(): string {
    const { samples } = this
    const sizes = samples.map(({ events }) => events).sort((a, b) => a - b)
    const middle = sizes[Math.floor(sizes.length / 2)] ?? 0
    const lines = [
      `${samples.length} cases with ${sizes[0] ?? 0} to ${sizes.at(-1) ?? 0} events, ${middle} in the median`,
    ]
    const all = this.sum('events')
    for (const [name, count] of ofEvents) {
      const share = this.share((sample) => sample[count] > 0)
      lines.push(
        `  ${name.padEnd(16)} ${percent(this.sum(count), all)} of the events, in ${percent(share, 1)} of the cases`,
      )
    }
    const panes = this.sum('windows') === 0 ? 0 : this.sum('panes') / this.sum('windows')
    lines.push(`  panes a window   ${panes.toFixed(2)}`)
    for (const [name, holds] of ofCases) {
      const share = this.share(holds)
      lines.push(`  ${name.padEnd(16)} ${percent(share, 1)} of the cases`)
    }
    return lines.join('\n')
  }
}

const ofEvents: readonly (readonly [string, keyof Sample])[] = [
  ['out of order', 'outOfOrder'],
  ['behind watermark', 'behind'],
  ['late', 'late'],
  ['ties', 'ties'],
  ['before 1970', 'negative'],
]

const ofCases: readonly (readonly [string, (sample: Sample) => boolean])[] = [
  ['merges', ({ merges }) => merges > 0],
  ['retractions', ({ retractions }) => retractions > 0],
  ['several splits', ({ splits }) => splits > 1],
  ['no result', ({ results }) => results === 0],
]

function percent(part: number, whole: number): string {
  return `${String(whole === 0 ? 0 : Math.round((100 * part) / whole)).padStart(3)} %`
}
