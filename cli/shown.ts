/** To as many digits as an eye takes in; other forms have them all. */
function rounded(value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(8)) : value
}

/** On one line, and without what a terminal might take for a command: a log may hold anything. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : value === null ? '-' : JSON.stringify(rounded(value))
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  })
}
