import { closeSync, openSync } from 'node:fs'
import type { Block, BlockSettings, ParsedBlock } from './block.ts'
import { BlockReading, type BlockTools } from './block-reading.ts'
import { ColumnWriter } from './column-writer.ts'
import { newKernel } from './kernel.ts'
import { parserOf } from './parser-of.ts'

/** Read at once: what the kernel has at hand should stay in a cache of the processor. */
const usualChunkBytes = 2 ** 18

/**
 * Makes a function that reads and parses the lines that start in a block, with a kernel of its own. It reads on behind the block's end until
 * the last of them has ended. Holds a chunk, one line, and the dictionaries of the columns.
 *
 * @param chunkBytes read at once
 */
export function blockParser(
  settings: BlockSettings,
  chunkBytes: number = usualChunkBytes,
): (block: Block) => ParsedBlock {
  const { recipe, maxLineBytes } = settings
  const kernel = newKernel()
  const tools: BlockTools = {
    kernel,
    columns: new ColumnWriter(kernel, recipe),
    parser: parserOf(recipe),
    format: recipe.format,
    input: kernel.allocate(chunkBytes),
    chunkBytes,
    maxLineBytes,
  }
  return (block) => {
    const descriptor = openSync(block.path, 'r')
    try {
      return new BlockReading(tools, descriptor, block).read()
    } finally {
      closeSync(descriptor)
    }
  }
}
