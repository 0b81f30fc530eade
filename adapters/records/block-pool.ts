import { Worker } from 'node:worker_threads'
import type { Block, BlockSettings, ParsedBlock } from './block.ts'
import { ColumnReader } from './columns.ts'

/** Records of a block, in order, and what became none. */
export interface BlockRecords<T> extends Omit<ParsedBlock, 'columns'> {
  readonly records: readonly T[]
}

interface Thread<T> {
  readonly worker: Worker
  readonly reader: ColumnReader<T>
  /** Blocks under way, the first one first. */
  readonly waiting: { readonly resolve: (parsed: ParsedBlock) => void; readonly reject: (error: Error) => void }[]
}

/** Blocks that each thread has at hand: one it works on, and one more so that it never waits. */
const blocksPerThread = 2

/** Threads that parse blocks. Holds two blocks' worth of records for each. */
export class BlockPool<T> {
  readonly #threads: readonly Thread<T>[]

  constructor(threads: number, settings: BlockSettings) {
    this.#threads = Array.from({ length: threads }, () => start<T>(settings))
  }

  /** Parses blocks on all threads at once and yields what came of them in their order. */
  async *parse(blocks: Iterable<Block>): AsyncGenerator<BlockRecords<T>> {
    const underWay: { readonly thread: Thread<T>; readonly parsed: Promise<ParsedBlock> }[] = []
    const most = blocksPerThread * this.#threads.length
    for (const block of blocks) {
      // The one with the least to do; the blocks of each are read in the order in which it gets them.
      const thread = this.#threads.reduce((least, other) =>
        other.waiting.length < least.waiting.length ? other : least,
      )
      underWay.push({ thread, parsed: send(thread, block) })
      if (underWay.length === most) yield await first(underWay)
    }
    while (underWay.length > 0) yield await first(underWay)
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()))
  }
}

async function first<T>(
  underWay: { readonly thread: Thread<T>; readonly parsed: Promise<ParsedBlock> }[],
): Promise<BlockRecords<T>> {
  const next = underWay.shift()
  if (next === undefined) throw new Error('nothing is under way')
  const { columns, ...rest } = await next.parsed
  return { ...rest, records: next.thread.reader.read(columns) }
}

function start<T>(settings: BlockSettings): Thread<T> {
  // What a thread makes lives for a line: a large young generation would only fill the memory.
  const resourceLimits = { maxYoungGenerationSizeMb: 8 }
  const worker = new Worker(new URL('./record-worker.js', import.meta.url), { workerData: settings, resourceLimits })
  const thread: Thread<T> = { worker, reader: new ColumnReader(settings.recipe.kinds), waiting: [] }
  worker.on('message', (parsed: ParsedBlock) => thread.waiting.shift()?.resolve(parsed))
  const fail = (error: Error): void => {
    for (const { reject } of thread.waiting.splice(0)) reject(error)
  }
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('a thread that has ended')))
  return thread
}

function send<T>(thread: Thread<T>, block: Block): Promise<ParsedBlock> {
  const parsed = new Promise<ParsedBlock>((resolve, reject) => {
    thread.waiting.push({ resolve, reject })
    thread.worker.postMessage(block)
  })
  // An error is met where the block's turn comes.
  parsed.catch(() => {})
  return parsed
}
