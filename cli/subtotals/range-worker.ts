// A thread that adds up ranges, one message a range.
import { parentPort, workerData } from 'node:worker_threads'
import type { Plan } from './plan.ts'
import type { Range } from './range.ts'
import { loadRangeReader } from './range-reader.ts'

const read = await loadRangeReader(workerData as Plan)

parentPort?.on('message', (range: Range) => parentPort?.postMessage(read(range)))
parentPort?.postMessage('ready')
