// A thread that adds up ranges. The first message is what it is to know, and each one behind that a range.
import { parentPort } from 'node:worker_threads'
import type { Plan } from './plan.ts'
import type { Range } from './range.ts'
import { loadRangeReader } from './range-reader.ts'

parentPort?.once('message', async (plan: Plan) => {
  const read = await loadRangeReader(plan)
  parentPort?.on('message', (range: Range) => parentPort?.postMessage(read(range)))
  parentPort?.postMessage('ready')
})
