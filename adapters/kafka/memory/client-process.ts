import type { Chance } from './chance.ts'
import type { Faults, Operation } from './faults.ts'
import { KafkaError } from '../kafka-error.ts'
import type { Lane, Scheduler } from './scheduler.ts'

/** What processes need to know of the cluster. */
export interface Network {
  readonly scheduler: Scheduler
  readonly faults: Faults
  readonly chance: Chance | undefined
  isDown(broker: number): boolean
}

/** Hears of what becomes of the process. */
export interface ProcessWatcher {
  /** It is silent from now on: sessions begin to run out. */
  silent(): void
  /** It is there again. */
  awake(): void
}

/** A process with clients of the cluster in it: what it asks and hears goes through here, and stops when it is stopped. */
export class ClientProcess {
  readonly clientId: string
  readonly #network: Network
  readonly #watchers = new Set<ProcessWatcher>()
  #state: 'running' | 'suspended' | 'dead' = 'running'
  #deadCallsReject = false
  /** What it would have asked if it were not suspended. */
  #unsent: (() => void)[] = []

  constructor(network: Network, clientId: string) {
    this.#network = network
    this.clientId = clientId
  }

  get isSilent(): boolean {
    return this.#state !== 'running'
  }

  watch(watcher: ProcessWatcher): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
  }

  connection(): Connection {
    return new Connection(this.#network, this)
  }

  suspend(): void {
    if (this.#state !== 'running') return
    this.#state = 'suspended'
    for (const watcher of this.#watchers) watcher.silent()
  }

  wake(): void {
    if (this.#state !== 'suspended') return
    this.#state = 'running'
    for (const watcher of this.#watchers) watcher.awake()
    const unsent = this.#unsent
    this.#unsent = []
    for (const send of unsent) send()
    this.#network.scheduler.wake()
  }

  /** @param rejects what it asks from now on is rejected, instead of never being answered */
  crash(rejects: boolean): void {
    const wasRunning = this.#state === 'running'
    this.#state = 'dead'
    this.#deadCallsReject = rejects
    this.#unsent = []
    if (wasRunning) for (const watcher of this.#watchers) watcher.silent()
  }

  /** Sends when it can. False if it never will. */
  whenRunning(send: () => void): boolean {
    if (this.#state === 'running') send()
    else if (this.#state === 'suspended') this.#unsent.push(send)
    return this.#state !== 'dead'
  }

  get isDead(): boolean {
    return this.#state === 'dead'
  }

  get rejectsCalls(): boolean {
    return this.#deadCallsReject
  }
}

/** One thing in a process that talks to brokers: what it asks of a broker arrives there in order, and so do the answers. */
export class Connection {
  readonly process: ClientProcess
  readonly #network: Network
  readonly #out = new Map<number, Lane>()
  readonly #in: Lane

  constructor(network: Network, process: ClientProcess) {
    this.#network = network
    this.process = process
    this.#in = network.scheduler.lane(() => process.isSilent)
  }

  /**
   * Asks a broker to do something.
   *
   * @param act is done when the request arrives; what it returns is the answer, now or later
   */
  ask<T>(broker: number, operation: Operation, act: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const { process } = this
      const settle = (answer: () => void): void => this.tell(answer)
      const arrive = (): void => {
        const fault = this.#network.faults.take(operation, process.clientId)
        try {
          if (fault !== undefined && !fault.happens) throw fault.error
          const answer = act()
          if (answer instanceof Promise) {
            answer.then(
              (value) => settle(() => (fault === undefined ? resolve(value) : reject(fault.error))),
              (error: unknown) => settle(() => reject(error)),
            )
          } else settle(() => (fault === undefined ? resolve(answer) : reject(fault.error)))
        } catch (error) {
          settle(() => reject(error))
        }
      }
      if (process.whenRunning(() => this.#lane(broker).send(arrive)) || !process.rejectsCalls) return
      reject(new KafkaError('other', `${process.clientId} has crashed`))
    })
  }

  /** Says something to the process. Nobody hears it when it is dead. */
  tell(message: () => void): void {
    if (this.process.isDead) return
    this.#in.send(message)
  }

  #lane(broker: number): Lane {
    let lane = this.#out.get(broker)
    if (lane === undefined) {
      lane = this.#network.scheduler.lane(() => this.#network.isDown(broker))
      this.#out.set(broker, lane)
    }
    return lane
  }
}
