import { open, stat } from 'node:fs/promises'
import { compressionOf, magicBytes } from '../../adapters/file/compression.ts'
import type { JobMetrics } from '../../lib/metrics.ts'
import { grouped } from '../grouped.ts'
import { isoTime } from '../iso-time.ts'
import type { Settled } from '../settle.ts'

/** A job, as far as its progress is concerned. */
export interface Watched {
  metrics(): JobMetrics
}

/** What a job reads. */
export type Inputs = Pick<Settled, 'inputs' | 'standardInput' | 'clock'>

/** How far a job has come, in a line. */
export class Progress {
  readonly #job: Watched
  readonly #inputs: Inputs
  /** ms of the clock whose `now` is given later. */
  readonly #since: number
  #last: { readonly now: number; readonly lines: number }
  #perSecond = 0
  /** Of all inputs; `undefined` if nobody knows. */
  #size: number | undefined

  constructor(job: Watched, inputs: Inputs, since: number) {
    this.#job = job
    this.#inputs = inputs
    this.#since = since
    this.#last = { now: since, lines: 0 }
  }

  /** Finds out how much there is to read. */
  async measure(): Promise<void> {
    let size = 0
    for (const input of this.#inputs.inputs) {
      const own = input.kind === 'file' ? await plainSize(input.path) : undefined
      if (own === undefined) return
      size += own
    }
    this.#size = size
  }

  /**
   * Says how far it has come: `812.0 MB of 1.2 GB, 66 %, 5,210,000 lines, 1,300,000/s, event time 2018-10-11 09:12:04, 4s left`.
   *
   * @param now ms of the clock that `since` was of
   * @param wall the time of day, epoch ms
   */
  line(now: number, wall: number): string {
    const metrics = this.#job.metrics()
    const lines = metrics.sources.reduce((sum, { read, refused }) => sum + read + refused, 0)
    this.#measureSpeed(now, lines)
    const bytes = this.#bytes(metrics)
    const part = bytes !== undefined && this.#size !== undefined && this.#size > 0 ? bytes / this.#size : undefined
    const watermark = metrics.operators.findLast(({ name }) => name === 'window')?.watermark ?? -Infinity
    const hasTime = Math.abs(watermark) < Infinity
    return [
      ...(bytes === undefined
        ? []
        : [shownBytes(bytes) + (part === undefined ? '' : ` of ${shownBytes(this.#size ?? 0)}`)]),
      ...(part === undefined ? [] : [`${Math.floor(Math.min(1, part) * 100)} %`]),
      `${grouped(lines)} lines`,
      `${grouped(Math.round(this.#perSecond))}/s`,
      ...(hasTime ? [`event time ${this.#shownTime(watermark)}`] : []),
      // How long ago a file was written says nothing of how far a job lags.
      ...(hasTime && this.#size === undefined && wall > watermark ? [`${shownSpan(wall - watermark)} behind`] : []),
      ...(part !== undefined && part > 0 && part < 1
        ? [`${shownSpan((now - this.#since) * (1 / part - 1))} left`]
        : []),
    ].join(', ')
  }

  /** Lines a second, of the last few seconds more than of those before. */
  #measureSpeed(now: number, lines: number): void {
    const seconds = (now - this.#last.now) / 1_000
    if (seconds <= 0) return
    const speed = (lines - this.#last.lines) / seconds
    const weight = this.#last.lines === 0 ? 1 : 1 - Math.exp(-seconds / 2)
    this.#perSecond += (speed - this.#perSecond) * weight
    this.#last = { now, lines }
  }

  #bytes({ sources }: JobMetrics): number | undefined {
    const { inputs, standardInput } = this.#inputs
    const isRead = inputs.some(({ kind }) => kind === 'stdin')
    let bytes: number | undefined
    if (isRead && 'bytesRead' in standardInput && typeof standardInput.bytesRead === 'number')
      bytes = standardInput.bytesRead
    for (const { position } of sources) {
      if (typeof position !== 'object' || position === null || !('offset' in position)) continue
      bytes = (bytes ?? 0) + Number(position.offset)
    }
    return bytes
  }

  #shownTime(time: number): string {
    return isoTime(this.#inputs.clock.shown(time)).slice(0, 19).replace('T', ' ')
  }
}

/** Of a file that is as large as what is read from it. */
async function plainSize(path: string): Promise<number | undefined> {
  const stats = await stat(path).catch(() => undefined)
  if (stats?.isFile() !== true) return undefined
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(magicBytes), 0, magicBytes, 0)
    return compressionOf(buffer.subarray(0, bytesRead)) === undefined ? stats.size : undefined
  } finally {
    await file.close()
  }
}

function shownBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)))
  return `${(bytes / 1_000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}

/** To about two digits: `45s`, `3m`, `2h`, `12d`. */
function shownSpan(millis: number): string {
  const seconds = Math.round(millis / 1_000)
  if (seconds < 100) return `${seconds}s`
  if (seconds < 6_000) return `${Math.round(seconds / 60)}m`
  if (seconds < 172_800) return `${Math.round(seconds / 3_600)}h`
  return `${Math.round(seconds / 86_400)}d`
}
