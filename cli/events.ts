import type { DeadLetter } from '../adapters/line/dead-letter.ts'
import type { Parser } from '../adapters/format/parser.ts'
import type { Event, Stream } from '../lib/element.ts'
import { TidemarkError } from '../lib/errors.ts'
import type { WatermarkStrategy } from '../lib/watermarks/watermark-strategy.ts'
import type { Untimed } from '../lib/wiring/ingress.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'
import { assignTimestamps } from '../operators/assign-timestamps.ts'
import type { Key } from '../operators/key-by.ts'
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
  const strategy = await toStrategy(config)
  const eventsOf = async (
    from: readonly RecordSource[],
    { parsing, times }: Recognized,
    derive: (parser: Parser<Fields>) => Parser<Fields>,
  ): Promise<Stream<Fields, Key, undefined>> => {
    const timeOf = isStrict ? strictTime(times) : (record: Fields): number => times.of(record)
    return await merged(
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
    events = await eventsOf(sources, config, (parser) => {
      const whole = derived?.parser(parser, failures) ?? parser
      return probe?.parser?.(whole) ?? whole
    })
  } else {
    const left = await eventsOf(sources.slice(0, inputs.length), config, (parser) => parser)
    const right = await eventsOf(sources.slice(inputs.length), joined, (parser) => parser)
    events = (await import('./joined.ts')).joined(left, right, join, derived, failures, late)
  }
  return dedup === undefined ? events : (await import('./deduplicated.ts')).deduplicated(events, dedup, late)
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

/** What has no time ends the job. */
function strictTime(times: Times): (record: Fields) => number {
  return (record) => {
    const time = times.of(record)
    if (!Number.isNaN(time)) return time
    throw new TidemarkError('invalid-time', `${times.reason(record)}, in ${JSON.stringify(record)}`)
  }
}
