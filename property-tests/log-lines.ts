import * as fc from 'fast-check'

/** Formats that `logLines` writes. */
export type LogFormat = 'json' | 'logfmt' | 'common' | 'combined' | 'syslog' | 'csv'

/** A line of a log, and what it says. */
export interface LogLine {
  readonly text: string
  /** Epoch ms, a whole second; `undefined` for noise. */
  readonly time: number | undefined
}

/** Options of `logLines`. */
export interface LogLinesOptions {
  readonly format: LogFormat
  /** The share of lines that are none of the format (empty, cut off, of something else), from 0 to 1; 0.1 unless given. */
  readonly noise?: number
  /** The most lines; 30 unless given. */
  readonly maxLength?: number
}

/**
 * Makes the lines of a log, with noise in between: texts with quotes, backslashes, commas and other alphabets in them. They shrink to
 * fewer lines, without noise, with plainer texts.
 *
 * When to use it: for a parser, or a pipeline from its lines on; what is noise must be refused and counted, and nothing else.
 */
export function logLines({ format, noise = 0.1, maxLength = 30 }: LogLinesOptions): fc.Arbitrary<readonly LogLine[]> {
  const line = fc
    .record({
      time: fc.integer({ min: 946_684_800, max: 2_000_000_000 }).map((seconds) => seconds * 1_000),
      host: fc.constantFrom('10.0.0.1', 'web-1', '2001:db8::1'),
      status: fc.constantFrom(200, 304, 404, 500),
      text: fc.oneof(
        fc.constantFrom('', 'GET / HTTP/1.1', 'say "hi"', 'back\\slash', 'a,b', 'ä 日本 🙂'),
        fc.string({ maxLength: 9 }),
      ),
    })
    .map((fields): LogLine => ({ text: writers[format](fields), time: fields.time }))
  const share = Math.round(noise * 100)
  const lines = fc.oneof(
    { withCrossShrink: true },
    { weight: 100 - share, arbitrary: line },
    { weight: share, arbitrary: line.chain(noiseFrom) },
  )
  return fc.array(lines, { maxLength })
}

interface Fields {
  readonly time: number
  readonly host: string
  readonly status: number
  readonly text: string
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const writers: Readonly<Record<LogFormat, (fields: Fields) => string>> = {
  json: ({ time, ...rest }) => JSON.stringify({ time: iso(time), ...rest }),
  logfmt: ({ time, host, status, text }) => `time=${iso(time)} host=${host} status=${status} text=${quoted(text)}`,
  common: ({ time, host, status, text }) => `${host} - - [${apache(time)}] ${quoted(text)} ${status} 512`,
  combined: (fields) => `${writers.common(fields)} "-" "Mozilla/5.0"`,
  syslog: ({ time, host, text }) => `<34>1 ${iso(time)} ${host} app 1 - - ${printable(text)}`,
  csv: ({ time, host, status, text }) => `${iso(time)},${host},${status},"${printable(text).replaceAll('"', '""')}"`,
}

function iso(time: number): string {
  return new Date(time).toISOString()
}

function apache(time: number): string {
  const [year = '', month = '', day = ''] = iso(time).slice(0, 10).split('-')
  return `${day}/${months[Number(month) - 1] ?? ''}/${year}:${iso(time).slice(11, 19)} +0000`
}

function quoted(text: string): string {
  return `"${printable(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** No line has a line's end in it. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ')
}

/** What stands in logs and is no line of them. */
function noiseFrom({ text }: LogLine): fc.Arbitrary<LogLine> {
  return fc
    .oneof(
      fc.constantFrom('', ' ', 'Segmentation fault', '\tat main (app.js:1:1)', '\u0000\u0000'),
      fc.nat({ max: 9 }).map((end) => text.slice(0, end)),
    )
    .map((line) => ({ text: line, time: undefined }))
}
