import { Bell } from '../line/bell.ts'
import type { Block, BlockSettings, ParsedBlock } from './block.ts'
import { ColumnReader } from './columns.ts'
import { blockParser } from './parse-block.ts'
import { ParserThread } from './parser-thread.ts'

/** Records of a block, in order, and what became none. */
export interface BlockRecords<T> extends Omit<ParsedBlock, 'columns'> {
  readonly records: readonly T[]
}

/** A block, and who makes records of what has become of it. */
interface UnderWay<T> {
  readonly parsed: () => ParsedBlock | undefined
  readonly reader: ColumnReader<T>
}

/** Blocks that each thread has at hand: one it works on, and one more so that it never waits. */
const blocksPerThread = 2

/** Parses blocks, with threads beside the one it is called on. Holds two blocks' worth of records for each. */
export class BlockPool<T> {
  readonly #settings: BlockSettings
  readonly #threads: readonly { readonly thread: ParserThread; readonly reader: ColumnReader<T> }[]
  readonly #bell = new Bell()

  /** @param threads beside this one */
  constructor(threads: number, settings: BlockSettings) {
    this.#settings = settings
    this.#threads = Array.from({ length: threads }, () => ({
      thread: new ParserThread(settings, this.#bell.ring),
      reader: new ColumnReader<T>(settings.recipe.kinds),
    }))
  }

  /**
   * Parses blocks and yields what came of them in their order. This thread parses, too, where it would wait for others: it is the only one
   * while they start, and all there is without them.
   */
  async *parse(blocks: Iterator<Block>): AsyncGenerator<BlockRecords<T>> {
    const parse = blockParser(this.#settings)
    const reader = new ColumnReader<T>(this.#settings.recipe.kinds)
    const underWay: UnderWay<T>[] = []
    const begin = (parse: (block: Block) => UnderWay<T>): boolean => {
      const { done, value } = blocks.next() as IteratorResult<Block, undefined>
      if (done !== true) underWay.push(parse(value))
      return done !== true
    }
    const here = (block: Block): UnderWay<T> => {
      const parsed = parse(block)
      return { parsed: () => parsed, reader }
    }
    for (;;) {
      this.#handOut(begin)
      const [first] = underWay
      const isLate = first === undefined || first.parsed() === undefined
      const isRoom = underWay.length <= blocksPerThread * this.#threads.length
      if (isLate && isRoom && begin(here)) continue
      if (first === undefined) return
      yield await this.#recordsOf(first)
      underWay.shift()
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map(({ thread }) => thread.close()))
  }

  /** Gives each thread as many blocks as it may have, one after the other. */
  #handOut(begin: (parse: (block: Block) => UnderWay<T>) => boolean): void {
    for (let depth = 1; depth <= blocksPerThread; depth++) {
      for (const { thread, reader } of this.#threads) {
        thread.receive()
        if (thread.waiting < depth && thread.isReady) begin((block) => ({ parsed: thread.parse(block), reader }))
      }
    }
  }

  async #recordsOf({ parsed, reader }: UnderWay<T>): Promise<BlockRecords<T>> {
    let block = parsed()
    while (block === undefined) {
      await this.#bell.rung()
      block = parsed()
    }
    const { columns, ...rest } = block
    return { ...rest, records: reader.read(columns) }
  }
}
