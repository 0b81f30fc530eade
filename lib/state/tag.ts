/** The first byte of an encoded value. From `smallInteger` on the byte is the value itself: the integers 0 to 127. */
export const tag = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  /** A safe integer >= 0. */
  integer: 4,
  /** A safe integer < 0, as -1 - value. */
  negative: 5,
  /** Any other number, -0 too. */
  number: 6,
  /** Hexadecimal digits. */
  bigint: 7,
  negativeBigint: 8,
  text: 9,
  /** In UTF-16, because UTF-8 has no lone surrogates. */
  brokenText: 10,
  date: 11,
  array: 12,
  record: 13,
  /** A record without prototype. */
  dictionary: 14,
  map: 15,
  set: 16,
  /** A `Uint8Array`. */
  bytes: 17,
  /** Any other view of an `ArrayBuffer`: its kind follows. */
  view: 18,
  smallInteger: 128,
} as const

interface ViewKind {
  readonly prototype: ArrayBufferView
  new (buffer: ArrayBuffer): ArrayBufferView
}

/** Kinds of numeric arrays, in the order of their numbers. Add at the end only. */
export const viewKinds: readonly ViewKind[] = [
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
]
