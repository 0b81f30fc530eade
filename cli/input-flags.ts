import type { FlagGroup } from './flag.ts'

const duration = 'a duration such as 500ms, 90s or 1h30m'

/** What is read, and when it happened. */
export const inputFlags: readonly FlagGroup[] = [
  {
    title: 'Reading',
    flags: [
      {
        name: 'parse',
        short: 'p',
        value: 'FORMAT',
        expects:
          'a format: auto, combined, common, json, logfmt, csv, tsv, syslog, apache-error, regex:/.../ or grok:...',
        choices: [
          'auto',
          'combined',
          'common',
          'json',
          'logfmt',
          'csv',
          'tsv',
          'syslog',
          'apache-error',
          'regex:/',
          'grok:',
        ],
        help:
          'how a line is read: combined, common, json, logfmt, csv, tsv, syslog, apache-error, regex:/.../ with named groups as fields, ' +
          "grok:'%{IP:host} ...' of named patterns, or auto, which looks at the first lines and says what it chose (default: auto)",
      },
      {
        name: 'multiline',
        value: 'REGEX',
        expects: "a regular expression, such as '\\d{4}-'",
        help: 'a record is a line that begins with REGEX and all lines up to the next one that does, such as a stack trace',
      },
      {
        name: 'let',
        short: 'l',
        value: 'NAME=EXPR',
        expects: "a name and a JavaScript expression over the fields, such as kb='bytes / 1024'",
        multiple: true,
        help: 'add a field: a JavaScript expression over the fields, those of earlier --let among them',
      },
      {
        name: 'where',
        short: 'w',
        value: 'EXPR',
        expects: "a JavaScript expression over the fields, such as 'status >= 500'",
        multiple: true,
        help:
          "only lines for which a JavaScript expression over the fields is true: 'status >= 500'; $['a-b'] is a field whose " +
          'name is no word of JavaScript',
      },
      {
        name: 'strict',
        help: 'stop at the first line that does not parse or has no time, and exit with 1',
      },
      {
        name: 'bad',
        value: 'FILE',
        expects: 'the path of a file',
        path: 'file',
        help: 'write lines that do not parse or have no time to FILE, as NDJSON with position and reason',
      },
    ],
  },
  {
    title: 'Time',
    flags: [
      {
        name: 'time',
        short: 't',
        value: 'FIELD[:FORMAT]',
        expects:
          'the name of a field, and behind a colon, if at all, one of iso s ms us ns or a pattern such as %d/%b/%Y:%T',
        help:
          'the field with the event time, and its format: iso, s, ms, us or ns since 1970, or a pattern of strptime such as ' +
          '%d/%b/%Y:%T (default: a field with a usual name; ISO 8601 and units are told apart)',
      },
      {
        name: 'tz',
        value: 'ZONE',
        expects: 'a time zone such as Europe/Amsterdam, UTC or +05:30',
        choices: ['UTC'],
        help: 'the time zone of results, and of times that say none (default: UTC)',
      },
      {
        name: 'year',
        value: 'YEAR',
        expects: 'a year such as 2026',
        help: 'the year of times that have none (of syslog, unless given: the one that is nearest to now)',
      },
      {
        name: 'disorder',
        short: 'd',
        value: 'DUR',
        expects: duration,
        help:
          'how far behind the latest event another may come (default: 5s; where all inputs are files that end, as far as ' +
          'they do, and results come at the end)',
      },
      {
        name: 'allowed-lateness',
        value: 'DUR',
        expects: duration,
        help: 'how long a complete window still takes late events, each of which gives its result anew (default: 0s)',
      },
      {
        name: 'idle',
        value: 'DUR',
        expects: duration,
        help: 'after so long a silence, one input no longer holds back the others (default: 10s where inputs are followed or listened to)',
      },
      {
        name: 'late',
        value: 'FILE',
        expects: 'the path of a file',
        path: 'file',
        help: 'write events that come too late for every window to FILE, as NDJSON',
      },
    ],
  },
]
