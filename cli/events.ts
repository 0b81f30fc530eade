import type { DeadLetter } from '../adapters/line/dead-letter.ts'
import type { Parser } from '../adapters/format/parser.ts'
import type { Event, Stream } from '../lib/element.ts'
import { TidemarkError } from '../lib/errors.ts'
import { boundedOutOfOrderness } from '../lib/watermarks/bounded-out-of-orderness.ts'
import { punctuated } from '../lib/watermarks/punctuated.ts'
import type { WatermarkStrategy } from '../lib/watermarks/watermark-strategy.ts'
import type { Untimed } from '../lib/wiring/ingress.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'
import { assignTimestamps } from '../operators/assign-timestamps.ts'
import type { Key } from '../operators/key-by.ts'
import { merge } from '../operators/merge.ts'
import type { Aggregation } from './aggregation.ts'
import type { Failures } from './failures.ts'
import type { Fields } from './field.ts'
import type { Probe } from './probe.ts'
import type { Recognized } from './recognize.ts'
import type { Settled } from './settle.ts'
import type { RecordSource } from './sources.ts'
import type { Times } from './times.ts'

/** Where records go that do not get as far as the windows. */
export interface SideOutputs {
  readonly late: SideOutput<Event<Fields, Key, undefined>>
  readonly refused: SideOutput<DeadLetter>
  readonly untimed: SideOutput<Untimed<Fields>>
}

/**
 * Makes the events that are aggregated: parsed, with their times, joined and without duplicates as the configuration asks for.
 *
 * @param sources of the inputs, and behind them those of the second log
 * @param failures of what is computed of records
 */
export async function toEvents(
  config: Settled,
  sources: readonly RecordSource[],
  { late, refused, untimed }: SideOutputs,
  { derived }: Pick<Aggregation, 'derived'>,
  failures: Failures,
  probe: Probe | undefined,
): Promise<Stream<Fields, Key, undefined>> {
  const { join, joined, dedup, inputs, isStrict } = config
  const strategy = toStrategy(config)
  const eventsOf = (
    from: readonly RecordSource[],
    { parsing, times }: Recognized,
    derive: (parser: Parser<Fields>) => Parser<Fields>,
  ): Stream<Fields, Key, undefined> => {
    const timeOf = isStrict ? strictTime(times) : (record: Fields): number => times.of(record)
    return merged(
      // Each has its own parser, because what a header says holds for one file.
      from.map((records) =>
        records(derive(parsing.parser()), { refused, strict: isStrict }).pipe(
          assignTimestamps(timeOf, strategy, { untimed }),
        ),
      ),
    )
  }
  let events: Stream<Fields, Key, undefined>
  if (join === undefined || joined === undefined) {
    events = eventsOf(sources, config, (parser) => {
      const whole = derived?.parser(parser, failures) ?? parser
      return probe?.parser?.(whole) ?? whole
    })
  } else {
    const left = eventsOf(sources.slice(0, inputs.length), config, (parser) => parser)
    const right = eventsOf(sources.slice(inputs.length), joined, (parser) => parser)
    events = (await import('./joined.ts')).joined(left, right, join, derived, failures, late)
  }
  return dedup === undefined ? events : (await import('./deduplicated.ts')).deduplicated(events, dedup, late)
}

function toStrategy({ disorder, idle }: Settled): WatermarkStrategy<Fields> {
  const options = idle === undefined ? {} : { idleTimeout: idle }
  return disorder === Infinity ? punctuated(() => undefined, options) : boundedOutOfOrderness(disorder, options)
}

function merged(streams: readonly Stream<Fields, undefined, undefined>[]): Stream<Fields, undefined, undefined> {
  const [only] = streams
  return only !== undefined && streams.length === 1 ? only : merge(...streams)
}

/** What has no time ends the job. */
function strictTime(times: Times): (record: Fields) => number {
  return (record) => {
    const time = times.of(record)
    if (!Number.isNaN(time)) return time
    throw new TidemarkError('invalid-time', `${times.reason(record)}, in ${JSON.stringify(record)}`)
  }
}
