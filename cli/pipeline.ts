import type { Observable } from 'rxjs'
import type { DeadLetter } from '../adapters/line/dead-letter.ts'
import type { Event, Stream } from '../lib/element.ts'
import type { Untimed } from '../lib/wiring/ingress.ts'
import { type SideOutput, sideOutput } from '../lib/wiring/side-output.ts'
import type { Key } from '../operators/key-by.ts'
import { panes } from '../operators/panes.ts'
import { window } from '../operators/window.ts'
import { toAggregate } from './aggregates.ts'
import { DerivedFields } from './derived-parser.ts'
import { fieldsRead } from './derivation.ts'
import { toEvents } from './events.ts'
import { Field, type Fields } from './field.ts'
import type { Probe } from './probe.ts'
import { keyOfFields, type Result } from './rows.ts'
import type { RecordSource } from './sources.ts'
import type { Settled } from './settle.ts'
import { toTrigger } from './to-trigger.ts'
import { toWindows } from './to-windows.ts'

/** A pipeline as configured, with everything that comes out of it. */
export interface Pipeline {
  readonly results: Observable<Result>
  readonly late: SideOutput<Event<Fields, Key, undefined>>
  readonly refused: SideOutput<DeadLetter>
  readonly untimed: SideOutput<Untimed<Fields>>
  /** Why a record has no time. */
  readonly reasonOf: (record: Fields) => string
  /** What the user should know when all is done. */
  notes(): readonly string[]
}

/**
 * Makes the operators that the configuration asks for, as an application would.
 *
 * @param say shows a line to the user
 * @param probe looks on, if there is one
 * @throws UsageError for windows that there can't be
 */
export async function toPipeline(
  config: Settled,
  sources: readonly RecordSource[],
  say: (text: string) => void,
  probe?: Probe,
): Promise<Pipeline> {
  const fields = new Map<string, Field>()
  const field = (name: string): Field => {
    const known = fields.get(name) ?? new Field(name)
    fields.set(name, known)
    return known
  }
  const late = sideOutput<Event<Fields, Key, undefined>>('late events')
  const refused = sideOutput<DeadLetter>('dead letters')
  const untimed = sideOutput<Untimed<Fields>>('records without a time')

  const windows = await toWindows(config.window, config.windowText)
  const keys = config.by.map(field)
  const aggregate = await toAggregate(config.aggregates, field)
  const { derivations, tables } = config
  const unseen = (fieldsRead(derivations) ?? []).map(field)
  const derived =
    derivations.length > 0 || tables.length > 0 ? new DerivedFields(tables, derivations, unseen, say) : undefined

  const events = await toEvents(config, sources, { late, refused, untimed }, derived, probe)
  const keyed = await keyedBy(keys, events)
  const watched = probe === undefined ? keyed : keyed.pipe(probe.events)
  const { allowedLateness, accumulation, trigger } = config
  const aggregated = watched.pipe(
    window(windows, aggregate, {
      allowedLateness,
      accumulation,
      late,
      ...(config.checkpoint && { id: windowId(config) }),
      ...(trigger && { trigger: await toTrigger(trigger, allowedLateness) }),
    }),
  )
  const isOrdered = config.sort.length > 0 || config.limit !== undefined
  const results = isOrdered ? aggregated.pipe((await import('./ordered.ts')).ordered(config)) : aggregated
  const shown = results.pipe(panes())
  return {
    results: probe?.results === undefined ? shown : shown.pipe(probe.results),
    late,
    refused,
    untimed,
    reasonOf: (record) => config.times.reason(record) || (config.joined?.times.reason(record) ?? ''),
    notes: () => [...[...fields.values()].flatMap((each) => each.notes()), ...(derived?.notes() ?? [])],
  }
}

/** So that a checkpoint is refused where it belongs to another question. */
function windowId({ windowText, by, aggregates, derivations, accumulation, lookups, join, dedup }: Settled): string {
  const names = aggregates.map(({ name, call }) => `${name}=${call}`)
  const steps = derivations.map(({ name, expression }) => (name === undefined ? expression : `${name}=${expression}`))
  const others = [...lookups, join, dedup].flatMap((each) => (each === undefined ? [] : [JSON.stringify(each)]))
  return ['window', windowText, ...by, ...names, ...steps, ...others, accumulation].join(' ')
}

async function keyedBy(
  fields: readonly Field[],
  events: Stream<Fields, Key, undefined>,
): Promise<Stream<Fields, Key, undefined>> {
  const [only] = fields
  if (only === undefined) return events
  const { keyBy } = await import('../operators/key-by.ts')
  if (fields.length === 1) return events.pipe(keyBy((record: Fields): Key => only.readScalar(record) ?? null))
  return events.pipe(
    keyBy((record: Fields): Key => keyOfFields(fields.map(({ readScalar }) => readScalar(record) ?? null))),
  )
}
