import { KafkaError, type KafkaErrorKind } from '../kafka-error.ts'

/** What a client asks of a broker. A call of a driver is one or more of them. */
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

/** What goes wrong with a request. */
export interface Fault {
  readonly operation: Operation
  /** Of this client only. */
  readonly clientId?: string | undefined
  /** How often. Once unless given. */
  readonly times?: number | undefined
  /**
   * - `fails`, unless given: nothing happens, and the client hears so
   * - `answer-lost`: it happens, and the client hears the same
   * - `twice`: it happens two times, as when a producer tries again that is not idempotent; a transaction has its records once all the same
   */
  readonly effect?: 'fails' | 'answer-lost' | 'twice' | undefined
  /** What the client hears. `unavailable` unless given. */
  readonly kind?: KafkaErrorKind | undefined
}

/** The faults that are to come. */
export class Faults {
  readonly #left: { readonly fault: Fault; times: number }[] = []

  add(fault: Fault): void {
    this.#left.push({ fault, times: fault.times ?? 1 })
  }

  /** Does what was asked for, as far as no fault is in its way. */
  async meet<T>(operation: Operation, clientId: string, act: () => T | Promise<T>): Promise<T> {
    const fault = this.#take(operation, clientId)
    if (fault === undefined) return act()
    const { effect = 'fails', kind = 'unavailable' } = fault
    if (effect !== 'fails') await act()
    if (effect === 'twice') return act()
    throw new KafkaError(kind, `${operation} of ${clientId} was made to fail`)
  }

  #take(operation: Operation, clientId: string): Fault | undefined {
    const found = this.#left.find(
      ({ fault }) => fault.operation === operation && (fault.clientId === undefined || fault.clientId === clientId),
    )
    if (found === undefined) return undefined
    found.times -= 1
    if (found.times <= 0) this.#left.splice(this.#left.indexOf(found), 1)
    return found.fault
  }
}
