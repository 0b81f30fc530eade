import * as fc from 'fast-check'

/**
 * Makes ways to cut bytes into chunks as a file or a socket might give them: single bytes, pieces of lines and characters, chunks
 * without any. They shrink to one whole chunk.
 *
 * When to use it: for whatever reads bytes; the result must be that of the whole.
 */
export function chunkings(bytes: Uint8Array): fc.Arbitrary<readonly Uint8Array[]> {
  const cuts = fc.array(fc.nat({ max: bytes.length }), { maxLength: Math.min(20, bytes.length + 2) })
  const singly = fc.constant(Array.from(bytes, (_, i) => i))
  return fc.oneof({ weight: 9, arbitrary: cuts }, { weight: 1, arbitrary: singly }).map((all) => {
    const places = [0, ...all.toSorted((a, b) => a - b), bytes.length]
    return places.slice(1).map((to, i) => bytes.subarray(places[i], to))
  })
}
