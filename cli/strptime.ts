import { dateFault, epochDay, monthNames, offsetFault, timeFault } from '../adapters/format/civil.ts'
import { type Unparsable, unparsable } from '../adapters/format/parser.ts'
import { show } from '../lib/errors.ts'
import type { Zone } from './zone.ts'

/** What a directive matches, and as what part of a time. */
const directives: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  y: '(?<y>\\d\\d)',
  m: '(?<m>\\d\\d?)',
  d: '(?<d>\\d\\d?)',
  e: '\\s*(?<d>\\d\\d?)',
  j: '(?<j>\\d{1,3})',
  H: '(?<H>\\d\\d?)',
  I: '(?<I>\\d\\d?)',
  M: '(?<M>\\d\\d?)',
  S: '(?<S>\\d\\d?)',
  f: '(?<f>\\d{1,9})',
  p: '(?<p>[AaPp]\\.?[Mm]\\.?)',
  b: '(?<b>[A-Za-z]{3})[A-Za-z]*\\.?',
  z: '(?<z>Z|[+-]\\d\\d(?::?\\d\\d)?)',
  Z: '(?:UTC|GMT|Z)',
  s: '(?<s>-?\\d+)',
  a: '[A-Za-z]+',
  n: '\\s+',
  t: '\\s+',
  '%': '%',
}

const abbreviations: Readonly<Record<string, string>> = {
  T: '%H:%M:%S',
  R: '%H:%M',
  F: '%Y-%m-%d',
  D: '%m/%d/%y',
  B: '%b',
  h: '%b',
  A: '%a',
}

/**
 * Makes the reader of times that are written in a pattern of `strptime`, such as `%d/%b/%Y:%H:%M:%S %z`. What a time does not say is the
 * zone, the year given, the first day, or 0.
 *
 * @param year of times without one
 * @throws SyntaxError for a directive that is none, for one that stands twice, and where a year is wanting
 */
export function strptime(pattern: string, zone: Zone, year: number | undefined): (text: string) => number | Unparsable {
  const whole = pattern.replaceAll(/%([TRFDBhA])/g, (_, name: string) => abbreviations[name] ?? '')
  const source = whole.replaceAll(/%(.?)|\s+|[^%\s]/gs, (part, name: string | undefined) => {
    if (name === undefined) return /\s/.test(part) ? '\\s+' : part.replace(/[\\^$.*+?()[\]{}|/-]/, String.raw`\$&`)
    const matched = directives[name]
    if (matched === undefined) throw new SyntaxError(`no directive '%${name}' among %${directiveNames}`)
    return matched
  })
  const hasYear = /%[Yys]/.test(whole)
  if (!hasYear && year === undefined) throw new SyntaxError("it has no year, write '%Y' in it or give --year")
  let time: RegExp
  try {
    time = new RegExp(`^${source}$`)
  } catch (error) {
    throw new SyntaxError('each directive may stand in it once', { cause: error })
  }
  return (text) => {
    const parts = time.exec(text.trim())?.groups ?? (time.test(text.trim()) ? {} : undefined)
    if (parts === undefined) return unparsable(`expected a time such as ${pattern}, got ${show(text)}`)
    return fromParts(parts, text, zone, year)
  }
}

const directiveNames = [...Object.keys(directives), ...Object.keys(abbreviations)].join(' %')

function fromParts(
  parts: Readonly<Record<string, string | undefined>>,
  text: string,
  zone: Zone,
  given: number | undefined,
): number | Unparsable {
  const { Y, y, m, d, j, b, H, I, M = '0', S = '0', f = '', p, z, s } = parts
  const millis = Number(f.slice(0, 3).padEnd(3, '0'))
  if (s !== undefined) return Number(s) * 1_000 + millis
  const year =
    Y === undefined ? (y === undefined ? (given ?? 1970) : Number(y) + (Number(y) < 69 ? 2000 : 1900)) : Number(Y)
  const month = b === undefined ? Number(m ?? 1) : monthOf(b)
  const day = j === undefined ? Number(d ?? 1) : 1
  const isAfternoon = p !== undefined && /^p/i.test(p)
  const hour = I === undefined ? Number(H ?? 0) : (Number(I) % 12) + (isAfternoon ? 12 : 0)
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(z ?? '') ?? []
  const fault =
    (b !== undefined && month === 0 ? `no month '${b}'` : dateFault(year, month, day)) ??
    (I !== undefined && (Number(I) < 1 || Number(I) > 12) ? `no hour ${I} of 12` : undefined) ??
    (j !== undefined && (Number(j) < 1 || Number(j) > 366) ? `no day ${j} of the year` : undefined) ??
    timeFault(hour, Number(M), Number(S)) ??
    offsetFault(Number(hours), Number(minutes))
  if (fault !== undefined) return unparsable(`${fault} in ${show(text)}`)
  const days = epochDay(year, month, day) + (j === undefined ? 0 : Number(j) - 1)
  const shown = (days * 86_400 + hour * 3_600 + Number(M) * 60 + Number(S)) * 1_000 + millis
  if (z === undefined) return zone.time(shown)
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000
  return shown - (sign === '-' ? -offset : offset)
}

/** From 1; 0 for a name that is none. */
function monthOf(name: string): number {
  return monthNames.findIndex((known) => known.toLowerCase() === name.toLowerCase()) + 1
}
