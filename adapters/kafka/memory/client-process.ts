import { KafkaError } from '../kafka-error.ts'
import type { Faults, Operation } from './faults.ts'
import type { Lane, Scheduler } from './scheduler.ts'

/** What processes need to know of the cluster. */
export interface Network {
  readonly scheduler: Scheduler
  readonly faults: Faults
  isDown(broker: number): boolean
}

/** Hears of what becomes of a process. */
export interface ProcessWatcher {
  silent(): void
  /** It is there again. */
  awake(): void
}

/** A process with clients of the cluster in it. When it is stopped, nothing goes out of it and nothing comes in. */
export class ClientProcess {
  readonly clientId: string
  readonly network: Network
  #state: 'running' | 'suspended' | 'dead' = 'running'
  #crash: KafkaError | undefined
  readonly #waiting = new Set<(error: KafkaError) => void>()
  readonly #watchers = new Set<ProcessWatcher>()
  /** What it would have sent if it were not suspended. */
  #unsent: (() => void)[] = []

  constructor(network: Network, clientId: string) {
    this.network = network
    this.clientId = clientId
  }

  get isSilent(): boolean {
    return this.#state !== 'running'
  }

  get isDead(): boolean {
    return this.#state === 'dead'
  }

  /** Returns what ends that. */
  watch(watcher: ProcessWatcher): () => void {
    this.#watchers.add(watcher)
    return () => this.#watchers.delete(watcher)
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
    for (const send of this.#unsent.splice(0)) send()
    this.network.scheduler.wake()
  }

  /** @param rejects what it is waiting for, and what it asks from now on, is rejected, instead of never being answered */
  crash(rejects: boolean): void {
    if (this.#state === 'running') for (const watcher of this.#watchers) watcher.silent()
    this.#state = 'dead'
    this.#unsent = []
    if (rejects) this.#crash = new KafkaError('other', `${this.clientId} has crashed`)
    for (const hear of this.#waiting) if (this.#crash !== undefined) hear(this.#crash)
    this.#waiting.clear()
  }

  /** Sends something: now, when it is woken, or never. */
  send(send: () => void): void {
    if (this.#state === 'running') send()
    else if (this.#state === 'suspended') this.#unsent.push(send)
  }

  /** Calls back when it has crashed, and is to say so; at once if it has already. Returns what calls it off. */
  onCrash(hear: (error: KafkaError) => void): () => void {
    if (this.#crash !== undefined) hear(this.#crash)
    this.#waiting.add(hear)
    return () => this.#waiting.delete(hear)
  }
}

/** One thing in a process that talks to brokers: what it asks of a broker arrives there in order, and so do the answers. */
export class Connection {
  readonly process: ClientProcess
  readonly #out = new Map<number, Lane>()
  readonly #in: Lane

  constructor(process: ClientProcess) {
    this.process = process
    this.#in = process.network.scheduler.lane(() => process.isSilent)
  }

  /**
   * Asks a broker to do something.
   *
   * @param act is done when the request arrives; what it returns is the answer, now or later
   */
  async ask<T>(broker: number, operation: Operation, act: () => T | Promise<T>): Promise<T> {
    const { process } = this
    const { network, clientId } = process
    let callOff = (): void => {}
    const answer = await new Promise<() => T>((resolve) => {
      const settle = (outcome: () => T): void => this.tell(() => resolve(outcome))
      const reject = (error: unknown): void => settle(() => raise(error))
      callOff = process.onCrash((error) => resolve(() => raise(error)))
      process.send(() =>
        this.#lane(broker).send(
          () => void network.faults.meet(operation, clientId, act).then((value) => settle(() => value), reject),
          () => reject(new KafkaError('unavailable', `broker ${broker} did not answer to ${operation} of ${clientId}`)),
        ),
      )
    })
    callOff()
    return answer()
  }

  /** Says something to the process. Nobody hears it when it is dead. */
  tell(message: () => void): void {
    if (!this.process.isDead) this.#in.send(message)
  }

  #lane(broker: number): Lane {
    let lane = this.#out.get(broker)
    if (lane === undefined) {
      const { network } = this.process
      lane = network.scheduler.lane(() => network.isDown(broker))
      this.#out.set(broker, lane)
    }
    return lane
  }
}

function raise(error: unknown): never {
  throw error
}
