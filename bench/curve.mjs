// A curve as an SVG: one line through points with labels.

const width = 640
const height = 320
const left = 60
const right = 24
const top = 40
const bottom = 48

/**
 * Draws a curve from 0 up.
 *
 * @param {{ title: string, unit: string, goal: number, points: readonly { label: string, value: number }[] }} figure
 */
export function curve({ title, unit, goal, points }) {
  const highest = Math.max(1, goal, ...points.map(({ value }) => value)) * 1.1
  /** @param {number} i */
  const x = (i) => Math.round(left + 28 + ((width - left - right - 56) * i) / Math.max(1, points.length - 1))
  /** @param {number} value */
  const y = (value) => Math.round(top + (height - top - bottom) * (1 - value / highest))
  const ticks = [0, 0.25, 0.5, 0.75, 1]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">
  <rect width="${width}" height="${height}" fill="#ffffff"/>
  <text x="${left}" y="22" font-size="15" fill="#1f2933">${title}</text>
${ticks
  .map(
    (tick) =>
      `  <line x1="${left}" x2="${width - right}" y1="${y(tick)}" y2="${y(tick)}" stroke="#d9dee4"/>
  <text x="${left - 8}" y="${y(tick) + 4}" text-anchor="end" fill="#52606d">${tick}${unit}</text>`,
  )
  .join('\n')}
  <line x1="${left}" x2="${width - right}" y1="${y(goal)}" y2="${y(goal)}" stroke="#c05621" stroke-dasharray="6 4"/>
  <polyline fill="none" stroke="#2b6cb0" stroke-width="2" points="${points.map(({ value }, i) => `${x(i)},${y(value)}`).join(' ')}"/>
${points
  .map(
    ({ label, value }, i) =>
      `  <circle cx="${x(i)}" cy="${y(value)}" r="4" fill="#2b6cb0"/>
  <text x="${x(i)}" y="${y(value) - 10}" text-anchor="middle" fill="#1f2933">${value.toFixed(2)}</text>
  <text x="${x(i)}" y="${height - 20}" text-anchor="middle" fill="#52606d">${label}</text>`,
  )
  .join('\n')}
</svg>
`
}
