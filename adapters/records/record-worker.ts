// A thread that parses blocks of files, one message a block.
import { workerData } from 'node:worker_threads'
import type { Block } from './block.ts'
import { blockParser } from './parse-block.ts'
import type { ThreadData, ThreadMessage } from './parser-thread.ts'

// What `ParserThread` has given this thread.
const { settings, port } = workerData as ThreadData
const parse = blockParser(settings)

port.on('message', (block: Block) => {
  const parsed = parse(block)
  const buffers = parsed.columns.cells.map((cells) => cells.buffer)
  port.postMessage(parsed satisfies ThreadMessage, buffers)
})
port.postMessage('ready' satisfies ThreadMessage)
