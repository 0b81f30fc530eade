/** An option of the command. */
export interface Flag {
  readonly name: string
  /** The one letter it has as well. */
  readonly short?: string
  /** What its value is called in the help; a flag without one is a switch. */
  readonly value?: string
  /** What its value must be, for error messages: `expected ..., got 'x'`. */
  readonly expects?: string
  /** May be given more than once, each adding to the others. */
  readonly multiple?: boolean
  readonly help: string
}

/** Flags that belong together in the help. */
export interface FlagGroup {
  readonly title: string
  readonly flags: readonly Flag[]
}

/** Every option of the command: what is parsed, validated and shown in the help comes from here. */
export const flagGroups: readonly FlagGroup[] = [
  {
    title: 'Reading',
    flags: [
      {
        name: 'parse',
        short: 'p',
        value: 'FORMAT',
        expects: 'a format: combined, common, json, logfmt, csv, tsv or regex:/.../',
        help: 'how a line is read: combined, common, json, logfmt, csv, tsv, or regex:/.../ with named groups as fields',
      },
      {
        name: 'time',
        short: 't',
        value: 'FIELD',
        expects: 'the name of a field',
        help: 'the field with the event time: ISO 8601, or seconds, ms, us or ns since 1970 (default: time)',
      },
      {
        name: 'strict',
        help: 'stop at the first line that does not parse or has no time, and exit with 1',
      },
      {
        name: 'bad',
        value: 'FILE',
        expects: 'the path of a file',
        help: 'write lines that do not parse or have no time to FILE, as NDJSON with position and reason',
      },
    ],
  },
  {
    title: 'Time',
    flags: [
      {
        name: 'disorder',
        short: 'd',
        value: 'DUR',
        expects: 'a duration such as 500ms, 90s or 1h30m',
        help: 'how far behind the latest event another may come (default: 5s)',
      },
      {
        name: 'allowed-lateness',
        value: 'DUR',
        expects: 'a duration such as 500ms, 90s or 1h30m',
        help: 'how long a complete window still takes late events, each of which gives its result anew (default: 0s)',
      },
      {
        name: 'idle',
        value: 'DUR',
        expects: 'a duration such as 500ms, 90s or 1h30m',
        help: 'after so long a silence, one input no longer holds back the others',
      },
      {
        name: 'late',
        value: 'FILE',
        expects: 'the path of a file',
        help: 'write events that come too late for every window to FILE, as NDJSON',
      },
    ],
  },
  {
    title: 'Results',
    flags: [
      {
        name: 'window',
        short: 'W',
        value: 'SPEC',
        expects: 'a window such as 1h, or hop:1h/5m for one of 1h every 5m',
        help: 'the windows of event time: 1h for one after the other, hop:1h/5m for one of 1h every 5m',
      },
      {
        name: 'by',
        short: 'b',
        value: 'FIELDS',
        expects: 'names of fields, separated by commas',
        multiple: true,
        help: 'a result for each value of these fields, separated by commas',
      },
      {
        name: 'agg',
        short: 'a',
        value: 'LIST',
        expects: 'aggregates such as count(),users=distinct(host)',
        multiple: true,
        help:
          'what to compute, separated by commas: [NAME=]FUNCTION(FIELD), the function one of count() distinct sum avg min max ' +
          'first last list (default: count())',
      },
      {
        name: 'output',
        short: 'o',
        value: 'FORM',
        expects: 'a form: table or ndjson',
        help: 'table or ndjson (default: table on a terminal, ndjson elsewhere)',
      },
      { name: 'quiet', short: 'q', help: 'no summary on standard error' },
    ],
  },
  {
    title: 'Other',
    flags: [
      { name: 'help', short: 'h', help: 'show this help' },
      { name: 'version', short: 'V', help: 'show the version' },
    ],
  },
]

/** The same by name. */
export const flags: ReadonlyMap<string, Flag> = new Map(
  flagGroups.flatMap((group) => group.flags.map((flag) => [flag.name, flag])),
)
