import { isSame } from './find'
import { allocate, enlarge } from './memory'

const slotBytes: usize = 16
const leastSlots: usize = 1024
const leastBytes: usize = 4096

/**
 * Numbers texts in the order in which they are seen first, by their bytes. Open addressing: a slot holds the hash, the number plus
 * one (0 for an empty slot), and where the text is; at most half of the slots are in use, so looks are few.
 */
// @ts-ignore: a decorator of AssemblyScript
@unmanaged
export class Dictionary {
  slots: usize
  /** Number of slots minus one. */
  lastSlot: usize
  size: u32
  /** Where each text ends among the bytes: a u32 for each number, behind a 0. */
  ends: usize
  /** The bytes of all texts, each where the one before ends. */
  bytes: usize
  byteLength: usize
  byteCapacity: usize

  static make(): Dictionary {
    const dictionary = changetype<Dictionary>(allocate(offsetof<Dictionary>()))
    dictionary.slots = allocate(leastSlots * slotBytes)
    dictionary.lastSlot = leastSlots - 1
    dictionary.ends = allocate(leastSlots * 2 + 4)
    dictionary.bytes = allocate(leastBytes)
    dictionary.byteCapacity = leastBytes
    return dictionary
  }

  /** The number of a text. */
  numberOf(at: usize, length: usize): u32 {
    const hash = hashOf(at, length)
    const lastSlot = this.lastSlot
    let index: usize = hash & lastSlot
    while (true) {
      const slot = this.slots + index * slotBytes
      const number = load<u32>(slot, 4)
      if (number == 0) return this.add(slot, hash, at, length)
      if (load<u32>(slot) == hash && load<u32>(slot, 12) == length && isSame(this.bytes + load<u32>(slot, 8), at, length))
        return number - 1
      index = (index + 1) & lastSlot
    }
  }

  /** Gives a number to something that has no bytes. */
  reserve(): u32 {
    const number = this.size++
    store<u32>(this.ends + (<usize>number << 2), this.byteLength, 4)
    if (this.size * 2 > this.lastSlot) this.grow()
    return number
  }

  /** Forgets all texts. */
  clear(): void {
    memory.fill(this.slots, 0, (<usize>this.lastSlot + 1) * slotBytes)
    this.size = 0
    this.byteLength = 0
  }

  private add(slot: usize, hash: u32, at: usize, length: usize): u32 {
    const from = this.byteLength
    const end = from + <u32>length
    if (end > this.byteCapacity) {
      this.byteCapacity = max(end, 2 * this.byteCapacity)
      this.bytes = enlarge(this.bytes, from, this.byteCapacity)
    }
    memory.copy(this.bytes + from, at, length)
    this.byteLength = end
    store<u32>(slot, hash)
    store<u32>(slot, this.size + 1, 4)
    store<u32>(slot, from, 8)
    store<u32>(slot, <u32>length, 12)
    return this.reserve()
  }

  private grow(): void {
    const old = this.slots
    const oldEnd = old + (<usize>this.lastSlot + 1) * slotBytes
    const count = 2 * (this.lastSlot + 1)
    this.ends = enlarge(this.ends, (<usize>this.size + 1) << 2, <usize>count * 2 + 4)
    const slots = allocate(<usize>count * slotBytes)
    const lastSlot = count - 1
    for (let slot = old; slot < oldEnd; slot += slotBytes) {
      if (load<u32>(slot, 4) == 0) continue
      let index: usize = load<u32>(slot) & lastSlot
      while (load<u32>(slots + index * slotBytes, 4) != 0) index = (index + 1) & lastSlot
      v128.store(slots + index * slotBytes, v128.load(slot))
    }
    this.slots = slots
    this.lastSlot = lastSlot
  }
}

/** Eight bytes at a time; reads up to 7 behind the text. The odd factor is 2^64 over the golden ratio (Knuth's multiplicative hashing). */
// @ts-ignore: a decorator of AssemblyScript
@inline
function hashOf(at: usize, length: usize): u32 {
  const factor: u64 = 0x9e3779b97f4a7c15
  let hash: u64 = length
  while (length >= 8) {
    hash = (hash ^ load<u64>(at)) * factor
    hash ^= hash >> 32
    at += 8
    length -= 8
  }
  if (length > 0) {
    hash = (hash ^ (load<u64>(at) & ((<u64>1 << (<u64>length << 3)) - 1))) * factor
    hash ^= hash >> 32
  }
  return <u32>(hash ^ (hash >> 15))
}
