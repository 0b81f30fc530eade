export { toAsyncIterable } from './to-async-iterable.ts'
