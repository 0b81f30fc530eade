import type { Observable } from 'rxjs'
import type { DeadLetter } from '../adapters/line/dead-letter.ts'
import type { Event, Stream } from '../lib/element.ts'
import { TidemarkError } from '../lib/errors.ts'
import type { Untimed } from '../lib/wiring/ingress.ts'
import { type SideOutput, sideOutput } from '../lib/wiring/side-output.ts'
import { boundedOutOfOrderness } from '../lib/watermarks/bounded-out-of-orderness.ts'
import { assignTimestamps } from '../operators/assign-timestamps.ts'
import type { Key } from '../operators/key-by.ts'
import { panes } from '../operators/panes.ts'
import { window } from '../operators/window.ts'
import { toAggregate } from './aggregates.ts'
import type { Config } from './config.ts'
import { Field, type Fields } from './field.ts'
import type { Format, Times } from './format.ts'
import { keyOfFields, type Result } from './rows.ts'
import type { RecordSource } from './sources.ts'
import { toAssigner } from './window-spec.ts'

/** A pipeline as configured, with everything that comes out of it. */
export interface Pipeline {
  readonly results: Observable<Result>
  readonly late: SideOutput<Event<Fields, Key, undefined>>
  readonly refused: SideOutput<DeadLetter>
  readonly untimed: SideOutput<Untimed<Fields>>
  /** Why a record has no time. */
  readonly reasonOf: (record: Fields) => string
  /** The fields in use. */
  readonly fields: readonly Field[]
}

/** Makes the operators that the configuration asks for, as an application would. */
export async function toPipeline(config: Config, format: Format, sources: readonly RecordSource[]): Promise<Pipeline> {
  const fields = new Map<string, Field>()
  const field = (name: string): Field => {
    const known = fields.get(name) ?? new Field(name)
    fields.set(name, known)
    return known
  }
  const late = sideOutput<Event<Fields, Key, undefined>>('late events')
  const refused = sideOutput<DeadLetter>('dead letters')
  const untimed = sideOutput<Untimed<Fields>>('records without a time')

  const keys = config.by.map(field)
  const aggregate = await toAggregate(config.aggregates, field)

  const strategy = boundedOutOfOrderness<Fields>(
    config.disorder,
    config.idle === undefined ? {} : { idleTimeout: config.idle },
  )
  const { times } = format
  const timeOf = config.isStrict ? strictTime(times) : (record: Fields): number => times.of(record)
  const parsing = { refused, strict: config.isStrict }
  const timed = sources.map((records) =>
    // Each has its own parser, because what a header says holds for one file.
    records(format.parser(), parsing).pipe(assignTimestamps(timeOf, strategy, { untimed })),
  )
  const keyed = await keyedBy(keys, await merged(timed))
  const results = keyed.pipe(
    window(toAssigner(config.window), aggregate, { allowedLateness: config.allowedLateness, late }),
    panes(),
  )
  return {
    results,
    late,
    refused,
    untimed,
    reasonOf: (record) => times.reason(record),
    fields: [...fields.values()],
  }
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
