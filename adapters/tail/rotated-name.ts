/** `.1`, `-20261128`, `.2026-11-28T10:00:00`, `_3`. */
const number = /^[-._]\d[\d\-._:TZ]*$/

/**
 * Whether a name is one that a log gets when it is rotated: with a number or a date behind it or in front of its extension, `.old`, or
 * `~`; compressed or not.
 *
 * @param name without its folder
 * @param log the name of the log that is written to
 */
export function isRotatedName(name: string, log: string): boolean {
  const plain = name.endsWith('.gz') ? name.slice(0, -3) : name
  if (plain === log) return name !== log
  if (plain.startsWith(log)) {
    const suffix = plain.slice(log.length)
    if (suffix === '.old' || suffix === '~' || number.test(suffix)) return true
  }
  const dot = log.lastIndexOf('.')
  if (dot <= 0) return false
  const [stem, extension] = [log.slice(0, dot), log.slice(dot)]
  if (!plain.startsWith(stem) || !plain.endsWith(extension)) return false
  return number.test(plain.slice(stem.length, plain.length - extension.length))
}
