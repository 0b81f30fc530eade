import type { SourceRecord } from '../checkpoint/job-record.ts'
import type { Gauge } from './gauge.ts'
import type { SourceMetrics } from '../metrics.ts'
import { type JobSource, type PumpHost, SourcePump } from './source-pump.ts'
import { Splits } from './source-splits.ts'
import type { Split } from '../split.ts'

/** Ended sources that the metrics still list one by one. */
const listed = 1_000

/**
 * The sources of a job, and whose turn it is. One that has ended is closed and let go, so that a job may open any number of them one after the
 * other: of all but the last 1,000 only the sums remain.
 */
export class SourceRegistry {
  /** The pumps of the sources that are open, in the order in which they were added. */
  readonly open: SourcePump[] = []
  readonly splits: Splits = new Splits()
  readonly #host: PumpHost
  #added = 0
  /** How many have had a name. */
  readonly #names = new Map<string, number>()
  /** What checkpoints say of those that have ended. */
  readonly #ended = new Map<string, SourceRecord>()
  /** What was chosen last has event time. */
  #wasTimed = false
  /** What ended sources have read, by their position. */
  readonly #past = new Map<number, SourceMetrics>()
  #earlier: SourceMetrics | undefined
  readonly #closing = new Set<Promise<void>>()
  #failure: { readonly error: unknown } | undefined
  #whenWritten: (() => void)[] = []

  constructor(host: PumpHost) {
    this.#host = host
  }

  /** The id of a source that is being wired: its name, or that with a number, in the order of wiring. */
  claim(name: string): string {
    const count = (this.#names.get(name) ?? 0) + 1
    this.#names.set(name, count)
    return count === 1 ? name : `${name}#${count}`
  }

  /** How far each has been processed, also those that have ended. */
  records(): ReadonlyMap<string, SourceRecord> {
    const records = new Map(this.#ended)
    for (const pump of this.open) records.set(pump.id, pump.record())
    return records
  }

  /** Calls `work` when what came of the values pushed so far has been written to the sinks. */
  whenWritten(work: () => void): void {
    this.#whenWritten.push(work)
  }

  /** All that has left is written. */
  written(): void {
    if (this.#whenWritten.length === 0) return
    const works = this.#whenWritten
    this.#whenWritten = []
    for (const work of works) work()
  }

  /** A checkpoint has these. */
  acknowledge(records: ReadonlyMap<string, SourceRecord>): void {
    for (const pump of this.open) {
      const record = records.get(pump.id)
      if (record !== undefined) pump.acknowledge(record)
    }
  }

  add<T>(source: JobSource<T>, gauge: Gauge): SourcePump {
    const pump = new SourcePump(source, gauge, this.#added++, this.#host, this.splits) as SourcePump
    this.open.push(pump)
    gauge.addSource()
    return pump
  }

  /**
   * Reads ahead, and chooses the source to push from: of those with event time the one furthest behind, and in turn with it
   * one without. None if that one has no answer yet.
   */
  choose(): SourcePump | undefined {
    for (const pump of this.open) pump.prefetch()
    const timed = lowest(this.open, ({ gauge }) => gauge.isTimed)
    const untimed = lowest(this.open, ({ gauge }) => !gauge.isTimed)
    const [first, second] = this.#wasTimed ? [untimed, timed] : [timed, untimed]
    const chosen = first?.isReady === true ? first : second
    this.#wasTimed = chosen === timed
    return chosen?.isReady === true ? chosen : undefined
  }

  /** The source whose event time must not be passed while this one is pushed from. */
  rivalOf(chosen: SourcePump): SourcePump | undefined {
    if (this.open.length === 1 || !chosen.gauge.isTimed) return undefined
    return lowest(this.open, ({ gauge }) => gauge.isTimed && gauge !== chosen.gauge)
  }

  /** Those whose every source is being asked, and has nothing. */
  silentGauges(): ReadonlySet<Gauge> {
    const silent = new Set<Gauge>()
    for (const { ended, gauge } of this.open) if (!ended) silent.add(gauge)
    for (const { ended, isReady, splits, gauge } of this.open) {
      if (!ended && (isReady || splits.isWaiting)) silent.delete(gauge)
    }
    return silent
  }

  /** Values of a split, or of none, have been read and not pushed. */
  hasAtHand(split: Split | undefined): boolean {
    return this.open.some((pump) => pump.hasAtHand(split))
  }

  /** Closes a source. Fails the job if that goes wrong. */
  close(pump: SourcePump): void {
    const closing = pump.close().then(
      () => {
        this.#closing.delete(closing)
      },
      (error: unknown) => {
        this.#failure ??= { error }
        this.#host.fail(error)
      },
    )
    this.#closing.add(closing)
  }

  /** Lets go of what has ended. Called between turns. */
  sweep(): void {
    if (!this.open.some((pump) => pump.ended)) return
    const ended = this.open.filter((pump) => pump.ended)
    this.open.splice(0, Infinity, ...this.open.filter((pump) => !pump.ended))
    for (const pump of ended) {
      this.close(pump)
      pump.leave()
      this.#past.set(pump.index, pump.metrics())
      if (this.#host.checkpoints !== undefined) this.#ended.set(pump.id, pump.record())
    }
    for (const [index, metrics] of this.#past) {
      if (this.#past.size <= listed) return
      this.#past.delete(index)
      this.#earlier = sum(this.#earlier, metrics)
    }
  }

  /**
   * Closes all sources, and waits until they are.
   *
   * @throws what the first one that could not be closed threw
   */
  async closeAll(): Promise<void> {
    for (const pump of this.open) this.close(pump)
    await Promise.all(this.#closing)
    if (this.#failure !== undefined) throw this.#failure.error
  }

  metrics(): SourceMetrics[] {
    const numbered = [...this.#past, ...this.open.map((pump) => [pump.index, pump.metrics()] as const)]
    const metrics = numbered.sort(([a], [b]) => a - b).map(([, source]) => source)
    return this.#earlier === undefined ? metrics : [this.#earlier, ...metrics]
  }
}

/** The source that is furthest behind in event time; idle ones count again when they have something. */
function lowest(pumps: readonly SourcePump[], counts: (pump: SourcePump) => boolean): SourcePump | undefined {
  let found: SourcePump | undefined
  for (const pump of pumps) {
    if (pump.ended || pump.isHeld || !counts(pump) || (pump.gauge.isIdle && !pump.isReady)) continue
    if (found === undefined || pump.isBefore(found)) found = pump
  }
  return found
}

function sum(earlier: SourceMetrics | undefined, { read, refused, gaps, chunks }: SourceMetrics): SourceMetrics {
  return {
    name: 'earlier sources',
    read: read + (earlier?.read ?? 0),
    refused: refused + (earlier?.refused ?? 0),
    gaps: gaps + (earlier?.gaps ?? 0),
    chunks: chunks + (earlier?.chunks ?? 0),
    position: undefined,
    lags: undefined,
    ended: true,
  }
}
