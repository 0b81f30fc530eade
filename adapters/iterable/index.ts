export { fromIterable, type FromIterableOptions } from './from-iterable.ts'
