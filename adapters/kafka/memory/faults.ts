import { KafkaError, type KafkaErrorKind } from '../kafka-error.ts'

/** What a client asks of brokers. A call of a driver is one or more of them. */
export type Operation =
  | 'partitionCounts'
  | 'createTopics'
  | 'offsets'
  | 'committed'
  | 'commitOffsets'
  | 'holders'
  | 'fetch'
  | 'join'
  | 'leave'
  | 'open'
  | 'send'
  | 'sendOffsets'
  | 'commit'
  | 'abort'

/** What goes wrong with requests. */
export interface Fault {
  readonly operation: Operation
  /** Of this client only. */
  readonly clientId?: string | undefined
  /** How often. Once unless given. */
  readonly times?: number | undefined
  /** Whether what was asked for happens nevertheless, and only the answer says that it has not. It doesn't unless given. */
  readonly happens?: boolean | undefined
  /** `unavailable` unless given. */
  readonly kind?: KafkaErrorKind | undefined
}

/** The faults that are to come. */
export class Faults {
  readonly #left: { readonly fault: Fault; times: number }[] = []

  add(fault: Fault): void {
    this.#left.push({ fault, times: fault.times ?? 1 })
  }

  /** The one that a request meets with, if there is one. */
  take(operation: Operation, clientId: string): { readonly error: KafkaError; readonly happens: boolean } | undefined {
    const found = this.#left.find(
      ({ fault }) => fault.operation === operation && (fault.clientId === undefined || fault.clientId === clientId),
    )
    if (found === undefined) return undefined
    found.times -= 1
    if (found.times <= 0) this.#left.splice(this.#left.indexOf(found), 1)
    const { kind = 'unavailable', happens = false } = found.fault
    return { error: new KafkaError(kind, `${operation} of ${clientId} was made to fail`), happens }
  }
}
