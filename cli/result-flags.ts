import type { FlagGroup } from './flag.ts'

/** What comes out, and where it goes. */
export const resultFlags: readonly FlagGroup[] = [
  {
    title: 'Results',
    flags: [
      {
        name: 'window',
        short: 'W',
        value: 'SPEC',
        expects:
          'a window such as 1h, hop:1h/5m, slide:5m, session:30m, count:100, cumulate:1d/1h, day@Europe/Amsterdam or none',
        choices: ['hop:', 'slide:', 'session:', 'count:', 'cumulate:', 'day@', 'week@', 'month@', 'none'],
        help:
          'the windows of event time: 1h for one after the other, hop:1h/5m for one of 1h every 5m, slide:5m for events within ' +
          '5m of each other, session:30m for activity without a gap of 30m, count:100 for each 100 events, cumulate:1d/1h for ' +
          'the day so far every hour, day@ZONE for local days (also week month quarter year), none for the whole input',
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
          'what to compute, separated by commas: [NAME=]FUNCTION(FIELD), the function one of count() rate() distinct approx sum ' +
          'avg min max first last p50 p95 p99 quantile(FIELD,0.9) top(FIELD,5) list (default: count())',
      },
      {
        name: 'trigger',
        value: 'SPEC',
        expects: 'when results leave: early=10s,late=1 (each a duration or a number of events), every=5s or count=100',
        choices: ['early=', 'late=', 'every=', 'count='],
        help:
          'when results leave: early=10s,late=1 also every 10s of the clock before a window is complete, and after it at each late ' +
          'event; every=5s; count=100',
      },
      {
        name: 'mode',
        short: 'm',
        value: 'MODE',
        expects: 'a mode: accumulate, discard or retract',
        choices: ['accumulate', 'discard', 'retract'],
        help:
          'how results of one window relate: each has all so far (accumulate), what is new (discard), or all after the one ' +
          'before was taken back (retract) (default: accumulate)',
      },
    ],
  },
  {
    title: 'Output',
    flags: [
      {
        name: 'output',
        short: 'o',
        value: 'FORM',
        expects: 'a form: table, ndjson, csv, tsv or chart',
        choices: ['table', 'ndjson', 'csv', 'tsv', 'chart'],
        help:
          'table, ndjson, csv, tsv, or chart, which draws event time against the order in which lines came, with the watermark, results ' +
          'and late lines (default: table on a terminal, ndjson elsewhere)',
      },
      {
        name: 'svg',
        value: 'FILE',
        expects: 'the path of a file',
        path: 'file',
        help: 'write the chart to FILE as a picture, whatever the form of the results',
      },
      {
        name: 'sort',
        value: 'COLUMNS',
        expects:
          'names of columns of the results, separated by commas, each with :desc behind it for the largest first',
        multiple: true,
        help: 'order the results of each window by these columns, COLUMN:desc for the largest first',
      },
      {
        name: 'limit',
        value: 'N',
        expects: 'a whole number above 0',
        help: 'only the first N results of each window',
      },
      { name: 'no-color', help: 'no colours on a terminal; so does the variable NO_COLOR' },
      {
        name: 'progress',
        help: 'show on standard error how far it has come: bytes, lines a second, event time, how far that is behind (default: on a terminal)',
      },
      { name: 'stats', help: 'show at the end, on standard error, what each source and operator has counted' },
      { name: 'quiet', short: 'q', help: 'no summary on standard error, nor progress, nor what was guessed' },
      {
        name: 'out',
        value: 'FILE',
        expects: 'the path of a file',
        path: 'file',
        help: 'write the results to FILE; with --checkpoint each exactly once',
      },
      {
        name: 'checkpoint',
        value: 'DIR',
        expects: 'the path of a folder',
        path: 'folder',
        help: 'save the state in DIR, and go on from there at the next start, also after a crash',
      },
      {
        name: 'checkpoint-every',
        value: 'DUR',
        expects: 'a duration such as 500ms, 90s or 1h30m',
        help: 'how often the state is saved (default: 10s)',
      },
    ],
  },
  {
    title: 'Other',
    flags: [
      { name: 'explain', help: 'show the TypeScript that does the same, and run nothing' },
      { name: 'help', short: 'h', help: 'show this help' },
      { name: 'version', short: 'V', help: 'show the version' },
    ],
  },
]
