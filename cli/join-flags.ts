import type { FlagGroup } from './flag.ts'

/** What is put together with the lines of the input. */
export const joinFlags: FlagGroup = {
  title: 'Joining',
  flags: [
    {
      name: 'lookup',
      value: 'FILE:KEYS',
      expects: 'a file and the fields to look up, such as hosts.csv:host or hosts.csv:host=name',
      path: 'file',
      multiple: true,
      help: 'add the columns of a table, CSV, TSV or JSON, whose KEYS are those of the record: FIELD, or FIELD=COLUMN, separated by commas',
    },
    {
      name: 'join',
      value: 'FILE:KEYS[:DUR]',
      expects: 'a file, the fields that are equal, and how far apart in time at most, such as payments.log:order=id:5m',
      path: 'file',
      help:
        'pair the lines with those of a second log with the same KEYS that are at most DUR (default 1m) apart; its fields ' +
        'have its name in front, payments_id',
    },
    {
      name: 'dedup',
      value: 'FIELD[:DUR]',
      expects: 'the name of a field, and how far apart in time at most, such as request_id:1h',
      help: 'leave out what has the same FIELD as a line at most DUR (default 1d) before or after it',
    },
  ],
}
