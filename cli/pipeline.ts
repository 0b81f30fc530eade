import type { Observable } from 'rxjs'
import type { DeadLetter } from '../adapters/line/dead-letter.ts'
import type { Event, Stream } from '../lib/element.ts'
import { TidemarkError } from '../lib/errors.ts'
import type { Untimed } from '../lib/wiring/ingress.ts'
import { type SideOutput, sideOutput } from '../lib/wiring/side-output.ts'
import type { WatermarkStrategy } from '../lib/watermarks/watermark-strategy.ts'
import { assignTimestamps } from '../operators/assign-timestamps.ts'
import type { Key } from '../operators/key-by.ts'
import { panes } from '../operators/panes.ts'
import { window } from '../operators/window.ts'
import { toAggregate } from './aggregates.ts'
import { DerivedFields } from './derived-parser.ts'
import { fieldsRead } from './derivation.ts'
import { Field, type Fields } from './field.ts'
import { keyOfFields, type Result } from './rows.ts'
import type { RecordSource } from './sources.ts'
import type { Settled } from './settle.ts'
import type { Times } from './times.ts'
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
 * @throws UsageError for windows that there can't be
 */
export async function toPipeline(
  config: Settled,
  sources: readonly RecordSource[],
  say: (text: string) => void,
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
  const { derivations, times, parsing, isStrict } = config
  const derived =
    derivations.length > 0 ? new DerivedFields(derivations, (fieldsRead(derivations) ?? []).map(field), say) : undefined

  const strategy = await toStrategy(config)
  const timeOf = isStrict ? strictTime(times) : (record: Fields): number => times.of(record)
  const timed = sources.map((records) => {
    // Each has its own parser, because what a header says holds for one file.
    const parser = parsing.parser()
    return records(derived?.parser(parser) ?? parser, { refused, strict: isStrict }).pipe(
      assignTimestamps(timeOf, strategy, { untimed }),
    )
  })
  const keyed = await keyedBy(keys, await merged(timed))
  const { allowedLateness, accumulation, trigger } = config
  const aggregated = keyed.pipe(
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
  return {
    results: results.pipe(panes()),
    late,
    refused,
    untimed,
    reasonOf: (record) => times.reason(record),
    notes: () => [...[...fields.values()].flatMap((each) => each.notes()), ...(derived?.notes() ?? [])],
  }
}

/** So that a checkpoint is refused where it belongs to another question. */
function windowId({ windowText, by, aggregates, derivations, accumulation }: Settled): string {
  const names = aggregates.map(({ name, call }) => `${name}=${call}`)
  const steps = derivations.map(({ name, expression }) => (name === undefined ? expression : `${name}=${expression}`))
  return ['window', windowText, ...by, ...names, ...steps, accumulation].join(' ')
}

async function toStrategy({ disorder, idle }: Settled): Promise<WatermarkStrategy<Fields>> {
  const options = idle === undefined ? {} : { idleTimeout: idle }
  if (disorder === Infinity) {
    const { punctuated } = await import('../lib/watermarks/punctuated.ts')
    return punctuated(() => undefined, options)
  }
  const { boundedOutOfOrderness } = await import('../lib/watermarks/bounded-out-of-orderness.ts')
  return boundedOutOfOrderness(disorder, options)
}

async function merged(
  streams: readonly Stream<Fields, undefined, undefined>[],
): Promise<Stream<Fields, undefined, undefined>> {
  const [only] = streams
  if (only !== undefined && streams.length === 1) return only
  const { merge } = await import('../operators/merge.ts')
  return merge(...streams)
}

async function keyedBy(
  fields: readonly Field[],
  events: Stream<Fields, undefined, undefined>,
): Promise<Stream<Fields, Key, undefined>> {
  const [only] = fields
  if (only === undefined) return events
  const { keyBy } = await import('../operators/key-by.ts')
  if (fields.length === 1) return events.pipe(keyBy((record: Fields): Key => only.readScalar(record) ?? null))
  return events.pipe(
    keyBy((record: Fields): Key => keyOfFields(fields.map(({ readScalar }) => readScalar(record) ?? null))),
  )
}

/** What has no time ends the job. */
function strictTime(times: Times): (record: Fields) => number {
  return (record) => {
    const time = times.of(record)
    if (!Number.isNaN(time)) return time
    throw new TidemarkError('invalid-time', `${times.reason(record)}, in ${JSON.stringify(record)}`)
  }
}
