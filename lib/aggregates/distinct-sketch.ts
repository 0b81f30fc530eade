import type { Hash } from './hash.ts'

/**
 * How many different values there were, roughly: HyperLogLog (Flajolet, Fusy, Gandouet, Meunier, 2007). Each hash picks one of
 * `size` registers, and the register keeps the longest run of zeros that its hashes began with, plus 1. Maxima are all there
 * is, so neither order nor parts nor repetition matter.
 */
export interface DistinctSketch {
  /** The registers that are not 0 by their number, as long as they are few; then all, a byte each. */
  registers: Map<number, number> | Uint8Array
}

/** The longest run of zeros in 32 bits, plus 1. */
const longest = 33
/** Such a part of the registers takes the memory of all of them when kept by number. */
const few = 1 / 32

export function emptyDistinctSketch(): DistinctSketch {
  return { registers: new Map() }
}

/** @param size how many registers, a power of 2 */
export function addHash(sketch: DistinctSketch, { upper, lower }: Hash, size: number): void {
  raise(sketch, upper & (size - 1), Math.clz32(lower) + 1, size)
}

export function mergeDistinctSketches(into: DistinctSketch, from: DistinctSketch, size: number): DistinctSketch {
  for (const [register, run] of from.registers.entries()) if (run > 0) raise(into, register, run, size)
  return into
}

/**
 * Estimates the number of different hashes, by the estimator of Ertl (New Cardinality Estimation Algorithms for HyperLogLog
 * Sketches, 2017, algorithm 6), which needs neither tables nor thresholds.
 */
export function estimate({ registers }: DistinctSketch, size: number): number {
  const counts = new Float64Array(longest + 1)
  for (const run of registers.values()) counts[run] = (counts[run] ?? 0) + 1
  const kept = registers instanceof Map ? registers.size : size
  const zeros = (counts[0] ?? 0) + size - kept
  let sum = size * tau(1 - (counts[longest] ?? 0) / size)
  for (let run = longest - 1; run >= 1; run -= 1) sum = (sum + (counts[run] ?? 0)) / 2
  sum += size * sigma(zeros / size)
  return ((size / 2 / Math.LN2) * size) / sum
}

function raise(sketch: DistinctSketch, register: number, run: number, size: number): void {
  const { registers } = sketch
  if (registers instanceof Uint8Array) {
    if (run > (registers[register] ?? 0)) registers[register] = run
  } else if (run > (registers.get(register) ?? 0)) {
    registers.set(register, run)
    if (registers.size > size * few) sketch.registers = spread(registers, size)
  }
}

function spread(registers: ReadonlyMap<number, number>, size: number): Uint8Array {
  const all = new Uint8Array(size)
  for (const [register, run] of registers) all[register] = run
  return all
}

/** x + x^2 + 2 x^4 + 4 x^8 + ..., what the registers that no hash has picked stand for. */
function sigma(x: number): number {
  if (x === 1) return Infinity
  let power = x
  let sum = x
  for (let weight = 1; ; weight *= 2) {
    power *= power
    const next = sum + power * weight
    if (next === sum) return sum
    sum = next
  }
}

/** (1 - x - (1 - x^(1/2))^2 / 2 - (1 - x^(1/4))^2 / 4 - ...) / 3, what the registers that can rise no higher stand for. */
function tau(x: number): number {
  if (x === 0 || x === 1) return 0
  let root = x
  let sum = 1 - x
  for (let weight = 0.5; ; weight /= 2) {
    root = Math.sqrt(root)
    const next = sum - (1 - root) ** 2 * weight
    if (next === sum) return sum / 3
    sum = next
  }
}
