import { firstDifference, type Sides } from '../refutation.ts'
import { shownResult } from './shown.ts'
import type { Times } from './times.ts'

/** Results in front of the first difference that are shown, and behind it. */
const around = 4
const widest = 56

/** Both sides beside each other, with the first difference marked. */
export function sideBySide({ expected, actual }: Sides, times: Times): string {
  const at = firstDifference(actual, expected) ?? 0
  const from = Math.max(0, at - around)
  const to = Math.min(Math.max(actual.length, expected.length), at + around + 1)
  const cell = (list: readonly unknown[], i: number): string =>
    i < list.length ? cut(shownResult(list[i], times)) : i === list.length ? '(nothing more)' : ''
  const rows = Array.from({ length: to - from }, (_, n) => [cell(expected, from + n), cell(actual, from + n)] as const)
  const width = Math.max(8, ...rows.map(([left]) => left.length))
  const lines = rows.map(([left, right], n) =>
    `${from + n === at ? '>' : ' '} ${left.padEnd(width)}  ${right}`.trimEnd(),
  )
  const more = from > 0 ? [`  ... ${from} that are equal`] : []
  return [`  ${'expected'.padEnd(width)}  got`, ...more, ...lines].join('\n')
}

function cut(text: string): string {
  return text.length > widest ? `${text.slice(0, widest - 3)}...` : text
}
