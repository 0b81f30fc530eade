import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { recordedArrivals } from '../lib/recording/recorded-arrivals.ts'

/** A line of a recording. */
export interface RecordedLine {
  readonly text: string
  /** When its end came, epoch ms. */
  readonly arrival: number
}

/**
 * Reads the lines of a recording that `tidemark record` has made, all of them. Parsed, they are a fixture for `recorded`.
 *
 * @throws TidemarkError `input` for what is no recording
 * @example
 * const lines = await recordedLines('fixtures/night.rec')
 * const hits = lines.map(({ text }) => JSON.parse(text) as Hit)
 * recorded(hits.map((hit) => ({ value: hit, time: hit.time })), { disorder: '60s' })
 */
export async function recordedLines(path: string): Promise<readonly RecordedLine[]> {
  const lines: RecordedLine[] = []
  let rest: Buffer = Buffer.alloc(0)
  let arrival = 0
  const file = createInterface({ input: createReadStream(path), crlfDelay: Infinity })
  for await (const { bytes, time } of recordedArrivals(file, path)) {
    arrival = time
    rest = Buffer.concat([rest, bytes])
    for (let end = rest.indexOf(10); end !== -1; end = rest.indexOf(10)) {
      lines.push({ text: rest.toString('utf8', 0, end).replace(/\r$/, ''), arrival })
      rest = rest.subarray(end + 1)
    }
  }
  if (rest.length > 0) lines.push({ text: rest.toString('utf8'), arrival })
  return lines
}
