import { stringify } from 'fast-check'

/** Writes a value as code, as one would write it by hand. */
export function codeOf(value: unknown): string {
  if (typeof value === 'string')
    return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
  if (Array.isArray(value)) return `[${Array.from(value, codeOf).join(', ')}]`
  if (isPlain(value)) {
    const parts = Object.entries(value).map(([name, part]) => `${nameOf(name)}: ${codeOf(part)}`)
    return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
  }
  return stringify(value)
}

function nameOf(name: string): string {
  if (name === '__proto__') return "['__proto__']"
  return /^[a-z_$][\w$]*$/i.test(name) ? name : codeOf(name)
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
