import type { Observable } from 'rxjs'
import type { DeadLetter } from '../adapters/line/dead-letter.ts'
import type { Diff, Event, Stream } from '../lib/element.ts'
import type { JobMetrics } from '../lib/metrics.ts'
import type { PaneInfo } from '../lib/window.ts'
import type { Untimed } from '../lib/wiring/ingress.ts'
import { type SideOutput, sideOutput } from '../lib/wiring/side-output.ts'
import { type Key, keyBy } from '../operators/key-by.ts'
import { panes } from '../operators/panes.ts'
import { window } from '../operators/window.ts'
import { loadAggregation } from './aggregation.ts'
import { toEvents } from './events.ts'
import { Failures } from './failures.ts'
import type { Fields } from './field.ts'
import { ordered } from './ordered.ts'
import type { Probe } from './probe.ts'
import type { Result } from './rows.ts'
import type { RecordSource } from './sources.ts'
import type { Settled } from './settle.ts'
import type { OpenSubtotals } from './subtotals/open-subtotals.ts'
import { toTrigger } from './to-trigger.ts'

/** A pipeline as configured, with everything that comes out of it. */
export interface Pipeline {
  readonly results: Observable<Result>
  readonly late: SideOutput<Event<Fields, Key, undefined>>
  readonly refused: SideOutput<DeadLetter>
  readonly untimed: SideOutput<Untimed<Fields>>
  /** Why a record has no time. */
  readonly reasonOf: (record: Fields) => string
  /** Of a job with this pipeline, as if it had seen the records one by one. */
  metrics(job: JobMetrics): JobMetrics
  /** What the user should know when all is done. */
  notes(): readonly string[]
}

/**
 * Makes the operators that the configuration asks for, as an application would.
 *
 * @param from the records of the inputs, or, where they are added up as they are read, the subtotals
 * @param say shows a line to the user
 * @param probe looks on, if there is one
 * @throws UsageError for windows that there can't be
 */
export async function toPipeline(
  config: Settled,
  from: readonly RecordSource[] | OpenSubtotals,
  say: (text: string) => void,
  probe?: Probe,
): Promise<Pipeline> {
  const late = sideOutput<Event<Fields, Key, undefined>>('late events')
  const refused = sideOutput<DeadLetter>('dead letters')
  const untimed = sideOutput<Untimed<Fields>>('records without a time')

  const aggregation = await loadAggregation(config, config.tables)
  const { fields, windows, aggregate } = aggregation
  const failures = new Failures(say)
  const { allowedLateness, accumulation, trigger } = config
  const settings = {
    allowedLateness,
    accumulation,
    ...(config.checkpoint && { id: windowId(config) }),
    ...(trigger && { trigger: await toTrigger(trigger, allowedLateness) }),
  }

  let aggregated: Stream<readonly unknown[], Key, PaneInfo, Diff>
  if ('events' in from) {
    const { totalOf } = await import('../lib/subtotals/total-of.ts')
    aggregated = from.events(fields, failures).pipe(window(windows, totalOf(aggregate), settings))
  } else {
    const { keyOf } = aggregation
    const events = await toEvents(config, from, { late, refused, untimed }, aggregation, failures, probe)
    const keyed = keyOf === undefined ? events : events.pipe(keyBy(keyOf))
    const watched = probe === undefined ? keyed : keyed.pipe(probe.events)
    aggregated = watched.pipe(window(windows, aggregate, { ...settings, late }))
  }
  const isOrdered = config.sort.length > 0 || config.limit !== undefined
  const results = isOrdered ? aggregated.pipe(ordered(config)) : aggregated
  const shown = results.pipe(panes())
  return {
    results: probe?.results === undefined ? shown : shown.pipe(probe.results),
    late,
    refused,
    untimed,
    reasonOf: (record) => config.times.reason(record) || (config.joined?.times.reason(record) ?? ''),
    metrics: (job) => ('events' in from ? from.metrics(job) : job),
    notes: () => [...fields.notes(), ...failures.notes()],
  }
}

/** So that a checkpoint is refused where it belongs to another question. */
function windowId({ windowText, by, aggregates, derivations, accumulation, lookups, join, dedup }: Settled): string {
  const names = aggregates.map(({ name, call }) => `${name}=${call}`)
  const steps = derivations.map(({ name, expression }) => (name === undefined ? expression : `${name}=${expression}`))
  const others = [...lookups, join, dedup].flatMap((each) => (each === undefined ? [] : [JSON.stringify(each)]))
  return ['window', windowText, ...by, ...names, ...steps, ...others, accumulation].join(' ')
}
