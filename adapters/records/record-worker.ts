// A thread that parses blocks of files, one message a block.
import { parentPort, workerData } from 'node:worker_threads'
import type { Block, BlockSettings } from './block.ts'
import { blockParser } from './parse-block.ts'

// What `BlockPool` has given this thread.
const parse = blockParser(workerData as BlockSettings)

parentPort?.on('message', (block: Block) => {
  const parsed = parse(block)
  const buffers = parsed.columns.cells.map((cells) => cells.buffer)
  parentPort?.postMessage(parsed, buffers)
})
