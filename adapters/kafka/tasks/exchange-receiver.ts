import { type Diff, event, type Event } from '../../../lib/element.ts'
import { messageOf, TidemarkError } from '../../../lib/errors.ts'
import type { StreamReceiver, ValueReceiver } from '../../../lib/receiver.ts'
import type { KafkaRecord } from '../kafka-record.ts'
import { type Exchanged, exchangedOf, type Progress } from './exchanged.ts'

/** Hands what tasks have written to the inputs that stand for them. */
export class ExchangeReceiver<T, K, P, D extends Diff> implements ValueReceiver<KafkaRecord> {
  readonly #topic: string
  readonly #inputs: readonly StreamReceiver<Event<T, K, P, D>>[]

  /** @param inputs one for each task */
  constructor(topic: string, inputs: readonly StreamReceiver<Event<T, K, P, D>>[]) {
    this.#topic = topic
    this.#inputs = inputs
  }

  value({ partition, offset, value }: KafkaRecord): void {
    let what: Progress | Exchanged
    try {
      what = exchangedOf(value)
    } catch (error) {
      const at = `${this.#topic}-${partition} at ${offset}`
      throw new TidemarkError('input', `repartition: ${at}: ${messageOf(error)}`, { cause: error })
    }
    const input = this.#inputs[what[0]]
    if (input === undefined) return
    input.watermark(what[1])
    if (what.length === 3) {
      if (what[2]) input.idle()
      else input.active()
      return
    }
    const [, , time, key, diff, sent, pane] = what
    input.event(event(sent as T, time, key as K, diff as D, pane as P))
  }

  end(): void {
    for (const input of this.#inputs) input.end()
  }
}
