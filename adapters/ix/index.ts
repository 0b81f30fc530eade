export type { PulledOptions } from '../node-stream/pulled-options.ts'
export { toAsyncIterable } from './to-async-iterable.ts'
