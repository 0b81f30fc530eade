import type { Primitive } from './multiset.ts'

/** A hash of 64 bits, in two halves. One object is used again and again, for there is one hash for each event. */
export interface Hash {
  upper: number
  lower: number
}

const words = new DataView(new ArrayBuffer(8))
const numbers = 1
const texts = 2
const bigints = 3
const others = 4

/**
 * Hashes a value, the same on every machine and in every run: equal values alike, as a `Set` tells them apart, so that the zeros
 * are equal, NaN equals itself, and 1 is not '1'. Two lanes of multiplications, mixed by the finalizer of MurmurHash3. Not safe
 * from someone who makes up values to collide.
 */
export function hashInto(hash: Hash, value: Primitive): void {
  switch (typeof value) {
    case 'number':
      hashNumber(hash, value)
      break
    case 'string':
      hashText(hash, value, texts)
      break
    case 'bigint':
      hashText(hash, value.toString(36), bigints)
      break
    default:
      hashText(hash, String(value), others)
  }
  finish(hash)
}

function hashNumber(hash: Hash, value: number): void {
  // NaN has many bit patterns, and nothing says which it is written as.
  if (Number.isNaN(value)) {
    hashText(hash, 'NaN', numbers)
    return
  }
  // -0 + 0 is 0.
  words.setFloat64(0, value + 0)
  start(hash, numbers)
  mix(hash, words.getInt32(0))
  mix(hash, words.getInt32(4))
}

function hashText(hash: Hash, text: string, kind: number): void {
  start(hash, kind)
  for (let i = 0; i < text.length; i += 1) mix(hash, text.charCodeAt(i))
}

function start(hash: Hash, kind: number): void {
  hash.upper = 0x9e_37_79_b9
  hash.lower = 0x85_eb_ca_6b
  mix(hash, kind)
}

function mix(hash: Hash, word: number): void {
  const upper = Math.imul(hash.upper ^ word, 0x9e_37_79_b1)
  const lower = Math.imul(hash.lower ^ word, 0x5f_35_64_95)
  hash.upper = upper ^ (upper >>> 15)
  hash.lower = lower ^ (lower >>> 13)
}

function finish(hash: Hash): void {
  const { upper, lower } = hash
  hash.upper = avalanche(upper ^ Math.imul(lower, 0xcc_9e_2d_51))
  hash.lower = avalanche(lower ^ Math.imul(upper, 0x1b_87_35_93))
}

/** Lets each bit of a word change every other. */
function avalanche(word: number): number {
  const once = Math.imul(word ^ (word >>> 16), 0x85_eb_ca_6b)
  const twice = Math.imul(once ^ (once >>> 13), 0xc2_b2_ae_35)
  return (twice ^ (twice >>> 16)) >>> 0
}
