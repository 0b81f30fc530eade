import { isSame } from './find'
import { allocate, enlarge } from './memory'

const slotBytes: usize = 16
const leastSlots: usize = 1024
const leastBytes: usize = 4096

/**
 * Numbers texts in the order in which they are seen first, by their bytes. Open addressing: a slot holds the hash, the number plus
 * one (0 for an empty slot), and where the text is. At most three quarters of the slots are in use, so looks are few.
 */
@unmanaged
export class Dictionary {
  slots: usize
  /** Number of slots minus one. */
  lastSlot: usize
  size: usize
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
    dictionary.ends = allocate(leastSlots * 4 + 4)
    dictionary.bytes = allocate(leastBytes)
    dictionary.byteCapacity = leastBytes
    return dictionary
  }

  /** The number of a text. */
  numberOf(at: usize, length: usize): i32 {
    const hash = hashOf(at, length)
    const lastSlot = this.lastSlot
    let index = hash & lastSlot
    while (true) {
      const slot = this.slots + index * slotBytes
      const number = load<i32>(slot, 4)
      if (number == 0) return this.add(slot, hash, at, length)
      const isLikely = <usize>load<u32>(slot) == hash && <usize>load<u32>(slot, 12) == length
      if (isLikely && isSame(this.bytes + load<u32>(slot, 8), at, length)) return number - 1
      index = (index + 1) & lastSlot
    }
  }

  /** Gives a number to something that has no bytes. */
  reserve(): i32 {
    const number = this.size++
    store<u32>(this.ends + (number << 2), <u32>this.byteLength, 4)
    if (this.size * 4 > this.lastSlot * 3) this.grow()
    return <i32>number
  }

  /** Forgets all texts. */
  clear(): void {
    memory.fill(this.slots, 0, (this.lastSlot + 1) * slotBytes)
    this.size = 0
    this.byteLength = 0
  }

  private add(slot: usize, hash: usize, at: usize, length: usize): i32 {
    const from = this.byteLength
    const end = from + length
    if (end > this.byteCapacity) {
      this.byteCapacity = max(end, 2 * this.byteCapacity)
      this.bytes = enlarge(this.bytes, from, this.byteCapacity)
    }
    memory.copy(this.bytes + from, at, length)
    this.byteLength = end
    store<u32>(slot, <u32>hash)
    store<u32>(slot, <u32>this.size + 1, 4)
    store<u32>(slot, <u32>from, 8)
    store<u32>(slot, <u32>length, 12)
    return this.reserve()
  }

  private grow(): void {
    const old = this.slots
    const oldEnd = old + (this.lastSlot + 1) * slotBytes
    const count: usize = 2 * (this.lastSlot + 1)
    this.ends = enlarge(this.ends, (this.size + 1) << 2, count * 4 + 4)
    const slots = allocate(count * slotBytes)
    const lastSlot = count - 1
    for (let slot = old; slot < oldEnd; slot += slotBytes) {
      if (load<u32>(slot, 4) == 0) continue
      let index = (<usize>load<u32>(slot)) & lastSlot
      while (load<u32>(slots + index * slotBytes, 4) != 0) index = (index + 1) & lastSlot
      v128.store(slots + index * slotBytes, v128.load(slot))
    }
    this.slots = slots
    this.lastSlot = lastSlot
  }
}

/** Takes eight bytes at a time; reads up to 7 behind the text. The factor is 2^64 over the golden ratio (Knuth's multiplicative hashing). */
function hashOf(at: usize, length: usize): usize {
  const factor: u64 = 0x9e3779b97f4a7c15
  let hash: u64 = length
  while (length >= 8) {
    hash = (hash ^ load<u64>(at)) * factor
    hash ^= hash >> 32
    at += 8
    length -= 8
  }
  if (length > 0) {
    hash = (hash ^ (load<u64>(at) & (((<u64>1) << ((<u64>length) << 3)) - 1))) * factor
    hash ^= hash >> 32
  }
  return <u32>(hash ^ (hash >> 15))
}
