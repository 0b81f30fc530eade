/** What SIMD loads may read behind the end of anything. */
export const padding: usize = 64

let top: usize = __heap_base

/** Hands out zeroed memory, 16-byte aligned, with room behind it for loads that read on. It is never given back. */
export function allocate(bytes: usize): usize {
  const at = (top + 15) & ~15
  top = at + bytes + padding
  const pages = (top + 0xffff) >> 16
  if (<i32>pages > memory.size()) memory.grow(<i32>pages - memory.size())
  return at
}

/** Moves what is there to twice as much memory. What is left behind is never more than what is in use. */
export function enlarge(at: usize, bytes: usize, least: usize): usize {
  const larger = allocate(least)
  memory.copy(larger, at, bytes)
  return larger
}
