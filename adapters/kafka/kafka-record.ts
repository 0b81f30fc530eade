/** A header of a record. A name may come more than once. */
export type KafkaHeader = readonly [name: string, value: Buffer | undefined]

/** A record as it was read. */
export interface KafkaRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  /** Epoch ms, as the producer or the broker has set it. */
  readonly timestamp: number
  readonly key: Buffer | undefined
  /** None in a tombstone: what the key stood for is gone. */
  readonly value: Buffer | undefined
  readonly headers: readonly KafkaHeader[]
}

/** A record to be written. */
export interface OutgoingRecord {
  readonly topic: string
  readonly partition: number
  /** Epoch ms; the time of sending unless given. */
  readonly timestamp?: number | undefined
  readonly key: Buffer | undefined
  readonly value: Buffer | undefined
  readonly headers?: readonly KafkaHeader[] | undefined
}
