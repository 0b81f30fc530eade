import { show, TidemarkError } from './errors.ts'

/**
 * A length of time: a number of milliseconds, or a text of whole or decimal numbers with units, such as `'250ms'`, `'90s'`,
 * `'5m'`, `'1h'`, `'7d'`, `'2w'` or `'1h30m'`. A day is 24 hours, a week 7 days; local days are calendar windows' business.
 */
export type Duration = number | string

const unit: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

const whole = /^-?(?:\d+(?:\.\d+)?(?:ms|s|m|h|d|w))+$/
const part = /(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g

/**
 * Turns a duration into whole milliseconds.
 *
 * @param who names the operator or option in the error
 * @throws TidemarkError `invalid-duration` for anything that is not a whole number of ms or a text of numbers and units
 */
export function toMillis(duration: Duration, who: string): number {
  const millis = typeof duration === 'string' ? parseDuration(duration) : duration
  if (typeof millis !== 'number' || !Number.isSafeInteger(millis)) {
    throw new TidemarkError(
      'invalid-duration',
      `${who}: expected a whole number of milliseconds or a text like '90s' or '1h30m', got ${show(duration)}`,
    )
  }
  return millis
}

/** As `toMillis`, and greater than 0. */
export function toPositiveMillis(duration: Duration, who: string): number {
  const millis = toMillis(duration, who)
  if (millis <= 0) throw new TidemarkError('invalid-argument', `${who} must be > 0, got ${show(duration)}`)
  return millis
}

/** As `toMillis`, and 0 or greater. */
export function toNonNegativeMillis(duration: Duration, who: string): number {
  const millis = toMillis(duration, who)
  if (millis < 0) throw new TidemarkError('invalid-argument', `${who} must be >= 0, got ${show(duration)}`)
  return millis
}

function parseDuration(text: string): number {
  if (!whole.test(text)) return Number.NaN
  let sum = 0
  for (const [, count, name] of text.matchAll(part)) sum += Number(count) * (unit[name ?? ''] ?? Number.NaN)
  // 1.1 s is 1100.0000000000002 ms in binary; what was meant is the millisecond next to it.
  const millis = Math.abs(sum - Math.round(sum)) < 1e-6 ? Math.round(sum) : sum
  return text.startsWith('-') ? -millis : millis
}

const names: readonly (readonly [string, number])[] = [
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
]

/** Writes milliseconds as a duration that `toMillis` reads back: `5_400_000` is `'1h30m'`. */
export function formatDuration(millis: number): string {
  if (!Number.isFinite(millis)) return String(millis)
  if (millis === 0) return '0ms'
  let rest = Math.abs(millis)
  let text = millis < 0 ? '-' : ''
  for (const [name, size] of names) {
    const count = Math.floor(rest / size)
    if (count > 0) text += `${count}${name}`
    rest -= count * size
  }
  return rest > 0 ? `${text}${rest}ms` : text
}
