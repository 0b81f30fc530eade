import { badValue } from './command-line.ts'

/** A topic to read, and brokers that have it. */
export interface KafkaSpec {
  readonly kind: 'kafka'
  readonly brokers: readonly string[]
  readonly topic: string
}

/**
 * Reads `HOST:PORT/TOPIC`, and several brokers with commas between them.
 *
 * @throws UsageError for what is no such address
 */
export function parseKafka(text: string): KafkaSpec {
  const { brokers = '', topic } =
    /^(?<brokers>(?:[^:/,\s[\]]+|\[[\d:a-f.%]+\]):\d{1,5}(?:,(?:[^:/,\s[\]]+|\[[\d:a-f.%]+\]):\d{1,5})*)\/(?<topic>[\w.-]{1,249})$/i.exec(
      text,
    )?.groups ?? {}
  if (topic === undefined) throw badValue('kafka', text)
  return { kind: 'kafka', brokers: brokers.split(','), topic }
}
