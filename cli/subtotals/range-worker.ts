// A thread that adds up ranges. The first message is what it is to know, and each one behind that a range.
import { parentPort } from 'node:worker_threads'
import type { Plan } from './plan.ts'
import type { Range } from './range.ts'
import { loadRangeReader, type RangeReader } from './range-reader.ts'

let read: RangeReader | undefined

async function begin(plan: Plan): Promise<void> {
  read = await loadRangeReader(plan)
  parentPort?.postMessage('ready')
}

parentPort?.on('message', (message: Plan | Range) => {
  if ('config' in message) void begin(message)
  else parentPort?.postMessage(read?.(message))
})
