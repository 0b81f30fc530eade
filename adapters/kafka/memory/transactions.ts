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

/** What a transaction has touched, and where its end is to be marked: a log, or the offsets of a group. */
interface Participant {
  readonly broker: number
  mark(transaction: Transaction, isCommitted: boolean): void
}

interface Transactional {
  epoch: number
  /** ms */
  timeout: number
  state: 'idle' | 'open' | 'ending'
  transaction: Transaction
  participants: Set<Participant>
  /** Calls off what aborts a transaction that is open for too long. */
  callOff: () => void
  readonly waiting: (() => void)[]
}

/**
 * Decides about transactions. The end of one is decided at once, and then marked in each log and group by itself, so that others see
 * it here sooner and there later; until all has been marked its producer waits.
 */
export class Transactions {
  readonly #clock: Clock
  readonly #later: (broker: number, act: () => void) => void
  readonly #producers = new Map<string, Transactional>()

  /** @param later does something at a broker, at some step to come */
  constructor(clock: Clock, later: (broker: number, act: () => void) => void) {
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
      else await ended(producer)
    }
    producer.timeout = timeout
    producer.epoch += 1
    return { transactionalId, epoch: producer.epoch }
  }

  /** Does something to logs in a transaction; begins one where there is none. */
  write(identity: ProducerIdentity, act: (take: (log: PartitionLog) => Transaction) => void): Promise<void> {
    return this.#within(identity, (producer) => {
      act((log) => {
        producer.participants.add(log)
        return producer.transaction
      })
    })
  }

  /** Commits offsets with the transaction; begins one where there is none. */
  writeOffsets(
    identity: ProducerIdentity,
    group: GroupOffsets,
    check: () => void,
    offsets: readonly PartitionOffset[],
  ): Promise<void> {
    return this.#within(identity, (producer) => {
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

  async #within(identity: ProducerIdentity, act: (producer: Transactional) => void): Promise<void> {
    let producer = this.#check(identity)
    while (producer.state === 'ending') {
      await ended(producer)
      producer = this.#check(identity)
    }
    if (producer.state === 'idle') this.#begin(producer)
    act(producer)
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
    const unmarked = new Set(participants)
    if (unmarked.size === 0) this.#settle(producer)
    for (const participant of participants) {
      this.#later(participant.broker, () => {
        participant.mark(transaction, isCommitted)
        unmarked.delete(participant)
        if (unmarked.size === 0) this.#settle(producer)
      })
    }
  }

  #settle(producer: Transactional): void {
    producer.state = 'idle'
    for (const callback of producer.waiting.splice(0)) callback()
  }
}

function ended({ waiting }: Transactional): Promise<void> {
  return new Promise((resolve) => waiting.push(resolve))
}
