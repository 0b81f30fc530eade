import { SortedBlocks } from './sorted-blocks.ts'

/** A key that has a place in the order: numbers by their size, then texts by their UTF-16 code units, as `<` compares them. */
export type OrderedKey = number | string

/** Keys in their order, to read a range of them. */
export class OrderedKeys extends SortedBlocks<OrderedKey> {
  /** @param keys each once, in any order */
  constructor(keys: readonly OrderedKey[]) {
    super(isBefore, keys)
  }
}

/** Tells of a key whether it has a place in the order: `NaN` has none. */
export function isOrderedKey<K>(key: K): key is K & OrderedKey {
  return typeof key === 'string' || (typeof key === 'number' && !Number.isNaN(key))
}

function isBefore(a: OrderedKey, b: OrderedKey): boolean {
  return typeof a === typeof b ? a < b : typeof a === 'number'
}
