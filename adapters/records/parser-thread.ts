import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { Block, BlockSettings, ParsedBlock } from './block.ts'

/** What a thread says: that it can begin, or what came of a block. */
export type ThreadMessage = 'ready' | ParsedBlock

/** What a thread is given when it starts. */
export interface ThreadData {
  readonly settings: BlockSettings
  readonly port: MessagePort
}

/** A thread that parses blocks, one after the other. */
export class ParserThread {
  readonly #worker: Worker
  readonly #port: MessagePort
  readonly #ring: () => void
  /** Blocks under way, the first one first. */
  readonly #waiting: { parsed?: ParsedBlock }[] = []
  #isReady = false
  #failure: Error | undefined

  /** @param ring is called when something has come of a block */
  constructor(settings: BlockSettings, ring: () => void) {
    this.#ring = ring
    const { port1, port2 } = new MessageChannel()
    this.#port = port1
    this.#worker = new Worker(new URL('./record-worker.js', import.meta.url), {
      workerData: { settings, port: port2 } satisfies ThreadData,
      transferList: [port2],
      // What a thread makes lives for a line: a large young generation would only fill the memory.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    })
    this.#port.on('message', (message: ThreadMessage) => this.#take(message))
    this.#worker.on('error', (error: Error) => this.#fail(error))
    this.#worker.on('exit', () => this.#fail(new Error('a thread that has ended')))
  }

  /**
   * It takes as long to start as many blocks take to parse; what it was given before that would wait. One that can't start, as under
   * `node --input-type`, is never ready, and its blocks are parsed by the others.
   */
  get isReady(): boolean {
    return this.#isReady
  }

  /** Blocks that it has not parsed. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Looks for what has come, without a turn of the event loop. */
  receive(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#port)
      if (received === undefined) return
      this.#take(received.message as ThreadMessage)
    }
  }

  /**
   * Has a block parsed.
   *
   * @returns a function that says what came of it, `undefined` while that is not known; it throws what ended the thread
   */
  parse(block: Block): () => ParsedBlock | undefined {
    const one: { parsed?: ParsedBlock } = {}
    this.#waiting.push(one)
    this.#port.postMessage(block)
    return () => {
      if (one.parsed === undefined && this.#failure !== undefined) throw this.#failure
      return one.parsed
    }
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #take(message: ThreadMessage): void {
    if (message === 'ready') {
      this.#isReady = true
      return
    }
    const first = this.#waiting.shift()
    if (first !== undefined) first.parsed = message
    this.#ring()
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#isReady = false
    this.#port.close()
    this.#ring()
  }
}
