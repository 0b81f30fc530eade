/**
 * Tells whether two values are equal as data: plain objects and arrays by what is in them, dates by their time, everything
 * else as `Object.is`. Cyclic data never come to an end.
 */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const prototype: unknown = Object.getPrototypeOf(a)
  if (prototype !== Object.getPrototypeOf(b)) return false
  if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime())
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) return false
  const ofB = new Map<string, unknown>(Object.entries(b))
  const ofA = Object.entries(a)
  return ofA.length === ofB.size && ofA.every(([name, value]) => ofB.has(name) && isEqual(value, ofB.get(name)))
}
