import { availableParallelism } from 'node:os'
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { TaskMessage } from './serve-tasks.ts'
import type { OtherThread } from './thread-pool.ts'

/** Threads beside the job's own that are of use, unless it is said how many: one for each core but that. */
export function usualThreads(): number {
  return Math.min(4, availableParallelism() - 1)
}

/** Threads run what the compiler made: Node 20 can't run this project's sources. */
export const canStart: boolean = import.meta.url.endsWith('.js')

/** A thread that does tasks, one behind the other. */
export class TaskThread<Settings, Task, Made> implements OtherThread<Settings, Task, Made> {
  readonly #worker: Worker
  readonly #port: MessagePort
  #ring: () => void = () => {}
  /** Of the tasks under way, the first one first. */
  readonly #waiting: { made?: Made }[] = []
  #isReady = false
  #failure: Error | undefined

  /**
   * Starts it. That takes as long as many tasks, so it may well be done before it is known what there is to do. One that can't start, as
   * under `node --input-type`, is never ready.
   *
   * @param program what it runs, a file that calls `serveTasks`
   */
  constructor(program: URL) {
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    // What a thread makes lives for a line: a large young generation would only fill the memory.
    const resourceLimits = { maxYoungGenerationSizeMb: 8 }
    this.#worker = new Worker(program, { workerData: port2, transferList: [port2], resourceLimits })
    this.#port.on('message', (message: TaskMessage<Made>) => this.#take(message))
    this.#worker.on('error', (error: Error) => this.#fail(error))
    this.#worker.on('exit', () => this.#fail(new Error('a thread that has ended')))
  }

  get load(): number {
    return this.#isReady ? this.#waiting.length : Infinity
  }

  begin(settings: Settings, ring: () => void): void {
    this.#ring = ring
    this.#port.postMessage(settings)
  }

  receive(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#port)
      if (received === undefined) return
      this.#take(received.message as TaskMessage<Made>)
    }
  }

  give(task: Task): () => Made | undefined {
    const one: { made?: Made } = {}
    this.#waiting.push(one)
    this.#port.postMessage(task)
    return () => {
      if (one.made === undefined && this.#failure !== undefined) throw this.#failure
      return one.made
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #take(message: TaskMessage<Made>): void {
    if (message === 'ready') {
      this.#isReady = true
      return
    }
    const first = this.#waiting.shift()
    if (first !== undefined) first.made = message.made
    this.#ring()
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#isReady = false
    this.#port.close()
    this.#ring()
  }
}
