import { shownText } from './shown-text.ts'

/** Writes a value on one line, and a number to as many digits as an eye takes in; other forms have them all. */
export function shown(value: unknown): string {
  return shownText(typeof value === 'string' ? value : value === null ? '-' : JSON.stringify(rounded(value)))
}

function rounded(value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(8)) : value
}
