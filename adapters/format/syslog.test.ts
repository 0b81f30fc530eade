import { describe, expect, test } from 'vitest'
import { lineOf } from './fixtures/line-of.ts'
import { reasonOf } from './fixtures/reason-of.ts'
import { syslog, type SyslogOptions } from './syslog.ts'

const october = Date.parse('2026-10-12T00:00:00Z')
const now = (): number => october

const parsed = (text: string, options: SyslogOptions = {}): unknown => syslog({ now, ...options }).parse(lineOf(text))

/** The fields of a message that are given. */
const fields = (text: string, options?: SyslogOptions): unknown =>
  Object.fromEntries(Object.entries(parsed(text, options) as object).filter(([, value]) => value !== undefined))

const timeOf = (text: string, options?: SyslogOptions): string =>
  new Date((parsed(text, options) as { readonly time: number }).time).toISOString()

describe('RFC 5424', () => {
  // The examples of section 6.5.
  test.each([
    [
      `<34>1 2003-10-11T22:14:15.003Z mymachine.example.com su - ID47 - \ufeff'su root' failed for lonvick on /dev/pts/8`,
      {
        facility: 4,
        severity: 2,
        time: Date.parse('2003-10-11T22:14:15.003Z'),
        host: 'mymachine.example.com',
        app: 'su',
        messageId: 'ID47',
        message: `'su root' failed for lonvick on /dev/pts/8`,
      },
    ],
    [
      `<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% It's time to make the do-nuts.`,
      {
        facility: 20,
        severity: 5,
        time: Date.parse('2003-08-24T12:14:15Z'),
        host: '192.0.2.1',
        app: 'myproc',
        process: '8710',
        message: `%% It's time to make the do-nuts.`,
      },
    ],
    [
      `<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut="3" eventSource="Application" eventID="1011"] \ufeffAn application event log entry...`,
      {
        facility: 20,
        severity: 5,
        time: Date.parse('2003-10-11T22:14:15.003Z'),
        host: 'mymachine.example.com',
        app: 'evntslog',
        messageId: 'ID47',
        data: { 'exampleSDID@32473': { iut: '3', eventSource: 'Application', eventID: '1011' } },
        message: 'An application event log entry...',
      },
    ],
    [
      `<165>1 2003-10-11T22:14:15.003Z mymachine.example.com evntslog - ID47 [exampleSDID@32473 iut="3"][examplePriority@32473 class="high"]`,
      {
        facility: 20,
        severity: 5,
        time: Date.parse('2003-10-11T22:14:15.003Z'),
        host: 'mymachine.example.com',
        app: 'evntslog',
        messageId: 'ID47',
        data: { 'exampleSDID@32473': { iut: '3' }, 'examplePriority@32473': { class: 'high' } },
        message: '',
      },
    ],
  ])('%s', (text, message) => {
    expect(fields(text)).toEqual(message)
  })

  test('has a message of now where there is no time', () => {
    expect(fields('<0>1 - - - - - -')).toEqual({ facility: 0, severity: 0, time: october, message: '' })
  })

  test('has escapes in values, and names that are none of ours', () => {
    const data = String.raw`[a x="\"\\\]\n" __proto__="1"][__proto__ y=""]`
    const { data: read } = parsed(`<13>1 - - - - - ${data} text`) as { readonly data: object }
    expect(Object.entries(read).map(([id, values]) => [id, Object.entries(values as object)])).toEqual([
      [
        'a',
        [
          ['x', String.raw`"\]\n`],
          ['__proto__', '1'],
        ],
      ],
      ['__proto__', [['y', '']]],
    ])
  })

  test.each([
    ['<13>2 - - - - - -', 'no version 2'],
    ['<13>1 - - - -', 'expected time, host, app, process and kind of message behind the version'],
    ['<13>1 Oct - - - - -', "time: no time 'Oct'"],
    ['<13>1 2003-13-11T22:14:15Z - - - - -', "time: no month 13 in '2003-13-11T22:14:15Z'"],
    ['<13>1 2003-10-11T22:14:15.0000001Z - - - - -', "time: no time '2003-10-11T22:14:15.0000001Z'"],
    ['<13>1 - - - - - text', 'expected structured data, or a - in its place'],
    ['<13>1 - - - - - [a x="1]', 'expected structured data, or a - in its place'],
    ['<13>1 - - - - - -text', 'expected structured data, or a - in its place'],
    ['<192>1 - - - - - -', 'priority: beyond 191'],
  ])('%s is refused', (text, reason) => {
    expect(reasonOf(syslog({ now }), text)).toBe(reason)
  })
})

describe('RFC 3164', () => {
  // The examples of section 5.4, and what is seen.
  test.each([
    [
      `<34>Oct 11 22:14:15 mymachine su: 'su root' failed for lonvick on /dev/pts/8`,
      {
        facility: 4,
        severity: 2,
        time: Date.parse('2026-10-11T22:14:15Z'),
        host: 'mymachine',
        app: 'su',
        message: `'su root' failed for lonvick on /dev/pts/8`,
      },
    ],
    [
      '<13>Feb  5 17:32:18 10.0.0.99 Use the BFG!',
      { time: Date.parse('2027-02-05T17:32:18Z'), host: '10.0.0.99', message: 'Use the BFG!' },
    ],
    ['<13>Use the BFG!', { time: october, message: 'Use the BFG!' }],
    [
      '<13>Oct  1 01:02:03 app[42]: text',
      { time: Date.parse('2026-10-01T01:02:03Z'), app: 'app', process: '42', message: 'text' },
    ],
    ['<13>Oct  1 01:02:03 cafe: text', { time: Date.parse('2026-10-01T01:02:03Z'), app: 'cafe', message: 'text' }],
    [
      '<13>Oct  1 01:02:03 ::1 app: text',
      { time: Date.parse('2026-10-01T01:02:03Z'), host: '::1', app: 'app', message: 'text' },
    ],
    [
      '<13>Oct 1 2020 01:02:03.456: %ASA-6-3: Built',
      { time: Date.parse('2020-10-01T01:02:03.456Z'), app: '%ASA-6-3', message: 'Built' },
    ],
    [
      '<13>2026-10-01T01:02:03.5+02:00 host app: a: b',
      { time: Date.parse('2026-09-30T23:02:03.5Z'), host: 'host', app: 'app', message: 'a: b' },
    ],
    [
      'Oct 11 22:14:15 host kernel: no priority',
      { time: Date.parse('2026-10-11T22:14:15Z'), host: 'host', app: 'kernel', message: 'no priority' },
    ],
    ['<13>', { time: october, message: '' }],
  ])('%s', (text, message) => {
    expect(fields(text)).toEqual({ facility: 1, severity: 5, ...message })
  })

  test.each([
    ['', 'empty line'],
    ['no message', 'neither a priority such as <13> nor a time at the start'],
    ['<999>Oct 11 22:14:15 a b: c', 'priority: beyond 191'],
    ['<1234>x', 'neither a priority such as <13> nor a time at the start'],
    ['<13>Okt 11 22:14:15 a b: c', "time: no such month 'Okt'"],
    ['<13>Feb 30 22:14:15 a b: c', 'time: no day 30 in Feb 2000'],
    ['<13>Oct 11 24:14:15 a b: c', 'time: no hour 24'],
  ])('%s is refused', (text, reason) => {
    expect(reasonOf(syslog({ now }), text)).toBe(reason)
  })
})

describe('a time without a year', () => {
  test.each([
    ['2026-01-01T00:00:05Z', 'Dec 31 23:59:59', '2025-12-31T23:59:59.000Z'],
    ['2025-12-31T23:59:58Z', 'Jan  1 00:00:01', '2026-01-01T00:00:01.000Z'],
    ['2026-07-01T12:00:00Z', 'Jan  1 00:00:00', '2026-01-01T00:00:00.000Z'],
    ['2026-07-04T12:00:00Z', 'Jan  1 00:00:00', '2027-01-01T00:00:00.000Z'],
    ['2025-03-01T00:00:00Z', 'Feb 29 12:00:00', '2024-02-29T12:00:00.000Z'],
    ['2016-12-31T23:59:59Z', 'Dec 31 23:59:60', '2017-01-01T00:00:00.000Z'],
  ])('at %s %s is %s', (at, text, time) => {
    expect(timeOf(`<13>${text} host app: text`, { now: () => Date.parse(at) })).toBe(time)
  })

  test('that no year near has is refused', () => {
    const parser = syslog({ now: () => Date.parse('2026-03-01T00:00:00Z') })
    expect(reasonOf(parser, '<13>Feb 29 12:00:00 host app: text')).toBe(
      'time: no Feb 29 in this year, the last or the next',
    )
  })
})

describe('a time without a zone', () => {
  test.each([
    ['Europe/Berlin', 'Oct 11 22:14:15', '2026-10-11T20:14:15.000Z'],
    ['+02:00', 'Oct 11 22:14:15', '2026-10-11T20:14:15.000Z'],
    // Clocks go back at 03:00, and show 02:30 twice; in spring they skip it.
    ['Europe/Berlin', 'Oct 25 02:30:00', '2026-10-25T00:30:00.000Z'],
    ['Europe/Berlin', 'Mar 29 02:30:00', '2026-03-29T01:30:00.000Z'],
    ['Australia/Lord_Howe', 'Oct  4 02:45:00', '2026-10-03T15:45:00.000Z'],
    ['Asia/Kathmandu', 'Oct 11 23:59:60', '2026-10-11T18:15:00.000Z'],
  ])('of %s: %s is %s', (zone, text, time) => {
    expect(timeOf(`<13>${text} host app: text`, { zone, now: () => Date.parse('2026-08-12T00:00:00Z') })).toBe(time)
  })

  test('needs a zone that is known', () => {
    expect(() => syslog({ zone: 'Mars/Base' })).toThrow("syslog: expected a time zone, got 'Mars/Base'")
  })
})

test('never throws, and what it accepts has a time', () => {
  let seed = 42
  const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31
  const parts = [
    '<13>',
    '<',
    '1 ',
    '- ',
    'Oct 11 22:14:15 ',
    '2026-10-01T01:02:03Z ',
    'host ',
    'app[1]: ',
    '[a b="c"]',
    '"',
    '\\',
    ']',
    '\ufeff',
    '\0',
    'é',
  ]
  for (let run = 0; run < 20_000; run++) {
    let text = ''
    for (let length = random() * 10; length > 0; length--) text += parts[Math.floor(random() * parts.length)] ?? ''
    const record = parsed(text) as { readonly time?: number; readonly reason?: string }
    expect(typeof (record.time ?? record.reason)).not.toBe('undefined')
  }
})
