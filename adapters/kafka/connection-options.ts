import type { ConnectionOptions as TlsConnectionOptions } from 'node:tls'
import { show, TidemarkError } from '../../lib/errors.ts'
import type { KafkaDriver, Trouble } from './driver.ts'

/** How a client proves who it is. */
export interface SaslOptions {
  readonly mechanism: 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512' | 'OAUTHBEARER'
  readonly username?: string
  readonly password?: string
  /** Of OAUTHBEARER. */
  readonly token?: string
}

/** How to reach a cluster. */
export interface ConnectionOptions {
  /** Some of the brokers, `host:port`. */
  readonly brokers: readonly string[]
  /** What brokers call the process in their logs, and what tells others which process holds a key. Host name and process id unless given. */
  readonly clientId?: string
  readonly sasl?: SaslOptions
  /** As `tls.connect` takes it; `true` for the defaults. */
  readonly tls?: TlsConnectionOptions | boolean
  /** Makes the driver: for tests without brokers, and other clients. The one on `@platformatic/kafka` unless given. */
  readonly driver?: DriverFactory
}

export type DriverFactory = (
  options: ConnectionOptions,
  onTrouble: (trouble: Trouble) => void,
) => KafkaDriver | Promise<KafkaDriver>

/** @throws TidemarkError `invalid-argument` for brokers that are none */
export function checkConnection(who: string, { brokers }: ConnectionOptions): void {
  const isList = Array.isArray(brokers) && brokers.length > 0
  if (isList && brokers.every((broker) => typeof broker === 'string' && /^[^:\s]+:\d+$|^\[.+\]:\d+$/.test(broker)))
    return
  throw new TidemarkError('invalid-argument', `${who}: brokers must be a list of 'host:port', got ${show(brokers)}`)
}
