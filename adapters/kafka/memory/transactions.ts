import type { Clock } from '../../../lib/clock.ts'
import type { PartitionOffset } from '../driver.ts'
import { KafkaError } from '../kafka-error.ts'
import type { GroupOffsets } from './group-offsets.ts'
import type { PartitionLog, Transaction } from './partition-log.ts'

/** Who has opened a producer, and the how many-eth that was of its id. */
export interface ProducerIdentity {
  readonly transactionalId: string
  readonly epoch: number
}

/** What a transaction has touched, and where its end is to be marked. */
interface Participant {
  readonly mark: (transaction: Transaction, isCommitted: boolean) => void
}

interface Transactional {
  epoch: number
  /** ms */
  timeout: number
  state: 'idle' | 'open' | 'ending'
  transaction: Transaction
  participants: Set<PartitionLog | GroupOffsets>
  /** Calls off what aborts a transaction that is open for too long. */
  callOff: () => void
  waiting: (() => void)[]
}

/**
 * Decides about transactions. The end of one is decided at once, and then marked in each log and group by itself, so that others see
 * it here sooner and there later; until all has been marked its producer waits.
 */
export class Transactions {
  readonly #clock: Clock
  readonly #later: (participant: Participant, mark: () => void) => void
  readonly #producers = new Map<string, Transactional>()

  /** @param later does something at some step to come */
  constructor(clock: Clock, later: (participant: Participant, mark: () => void) => void) {
    this.#clock = clock
    this.#later = later
  }

  /** Aborts what was left open under the id, and fences off whoever had it before. */
  async open(transactionalId: string, timeout: number): Promise<ProducerIdentity> {
    let producer = this.#producers.get(transactionalId)
    if (producer === undefined) {
      producer = {
        epoch: -1,
        timeout,
        state: 'idle',
        transaction: Symbol(transactionalId),
        participants: new Set(),
        callOff: () => {},
        waiting: [],
      }
      this.#producers.set(transactionalId, producer)
    }
    while (producer.state !== 'idle') {
      if (producer.state === 'open') this.#fence(producer)
      else await new Promise<void>((resolve) => producer.waiting.push(resolve))
    }
    producer.timeout = timeout
    producer.epoch += 1
    return { transactionalId, epoch: producer.epoch }
  }

  /** Does something to logs in a transaction; begins one where there is none. */
  async write(identity: ProducerIdentity, act: (take: (log: PartitionLog) => Transaction) => void): Promise<void> {
    await this.#within(identity, (producer) => {
      act((log) => {
        producer.participants.add(log)
        return producer.transaction
      })
    })
  }

  /** Commits offsets with the transaction; begins one where there is none. */
  async writeOffsets(
    identity: ProducerIdentity,
    group: GroupOffsets,
    check: () => void,
    offsets: readonly PartitionOffset[],
  ): Promise<void> {
    await this.#within(identity, (producer) => {
      check()
      producer.participants.add(group)
      group.commitWith(producer.transaction, offsets)
    })
  }

  /** Decides. Nothing happens where there is no transaction. */
  end(identity: ProducerIdentity, isCommitted: boolean): void {
    const producer = this.#check(identity)
    if (producer.state === 'open') this.#end(producer, isCommitted)
  }

  /** @throws KafkaError `fenced` */
  #check({ transactionalId, epoch }: ProducerIdentity): Transactional {
    const producer = this.#producers.get(transactionalId)
    if (producer?.epoch !== epoch)
      throw new KafkaError('fenced', `${transactionalId}: another producer has taken its place, or it took too long`)
    return producer
  }

  #within(identity: ProducerIdentity, act: (producer: Transactional) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const attempt = (): void => {
        try {
          const producer = this.#check(identity)
          if (producer.state === 'ending') producer.waiting.push(attempt)
          else {
            if (producer.state === 'idle') this.#begin(producer)
            resolve(act(producer))
          }
        } catch (error) {
          reject(error)
        }
      }
      attempt()
    })
  }

  #begin(producer: Transactional): void {
    producer.state = 'open'
    producer.transaction = Symbol('transaction')
    producer.callOff = this.#clock.at(this.#clock.now() + producer.timeout, () => this.#fence(producer))
  }

  /** The epoch goes up first: who had the one before can't add to what is being aborted. */
  #fence(producer: Transactional): void {
    producer.epoch += 1
    this.#end(producer, false)
  }

  #end(producer: Transactional, isCommitted: boolean): void {
    producer.callOff()
    producer.state = 'ending'
    const { participants, transaction } = producer
    producer.participants = new Set()
    let left = participants.size
    const done = (): void => {
      producer.state = 'idle'
      const { waiting } = producer
      producer.waiting = []
      for (const callback of waiting) callback()
    }
    if (left === 0) done()
    for (const participant of participants) {
      this.#later(participant, () => {
        participant.mark(transaction, isCommitted)
        left -= 1
        if (left === 0) done()
      })
    }
  }
}
