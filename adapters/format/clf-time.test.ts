import { expect, test } from 'vitest'
import { clfTimeReader } from './clf-time.ts'

/** Epoch ms, or the reason; each text read by one and the same reader. */
function read(...texts: readonly string[]): (number | string)[] {
  const reader = clfTimeReader()
  return texts.map((text) => {
    const bytes = Buffer.from(`[${text}]`)
    const time = reader.read(new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 1, bytes.length)
    return Number.isNaN(time) ? reader.refusal().reason : time
  })
}

test.each([
  ['10/Oct/2000:13:55:36 -0700', '2000-10-10T20:55:36Z'],
  ['10/Oct/2000:13:55:36 +0000', '2000-10-10T13:55:36Z'],
  ['10/Oct/2000:13:55:36 -0000', '2000-10-10T13:55:36Z'],
  ['01/Jan/2024:00:00:00 +0530', '2023-12-31T18:30:00Z'],
  ['01/Jan/2024:00:00:00 +1400', '2023-12-31T10:00:00Z'],
  ['31/Dec/2023:23:59:59 -1200', '2024-01-01T11:59:59Z'],
  ['29/Feb/2024:12:00:00 +0000', '2024-02-29T12:00:00Z'],
  ['29/Feb/2000:12:00:00 +0000', '2000-02-29T12:00:00Z'],
  ['01/Mar/1900:00:00:00 +0000', '1900-03-01T00:00:00Z'],
  ['31/Dec/1969:23:59:59 +0000', '1969-12-31T23:59:59Z'],
  ['01/Jan/0000:00:00:00 +0000', '0000-01-01T00:00:00Z'],
  ['01/Jan/0099:00:00:00 +0000', '0099-01-01T00:00:00Z'],
  ['31/Dec/9999:23:59:59 +0000', '9999-12-31T23:59:59Z'],
  ['31/Dec/2016:23:59:60 +0000', '2017-01-01T00:00:00Z'],
])('reads %s', (text, iso) => {
  expect(read(text)).toEqual([Date.parse(iso)])
})

test.each([
  ['10/Foo/2000:13:55:36 -0700', "time: no such month 'Foo'"],
  ['10/oct/2000:13:55:36 -0700', "time: no such month 'oct'"],
  ['10/OCT/2000:13:55:36 -0700', "time: no such month 'OCT'"],
  ['00/Oct/2000:13:55:36 -0700', 'time: no day 0 in Oct 2000'],
  ['31/Feb/2000:13:55:36 -0700', 'time: no day 31 in Feb 2000'],
  ['30/Feb/2024:13:55:36 -0700', 'time: no day 30 in Feb 2024'],
  ['29/Feb/2023:13:55:36 -0700', 'time: no day 29 in Feb 2023'],
  ['29/Feb/1900:13:55:36 -0700', 'time: no day 29 in Feb 1900'],
  ['32/Jan/2000:13:55:36 -0700', 'time: no day 32 in Jan 2000'],
  ['31/Apr/2000:13:55:36 -0700', 'time: no day 31 in Apr 2000'],
  ['31/Jun/2000:13:55:36 -0700', 'time: no day 31 in Jun 2000'],
  ['31/Sep/2000:13:55:36 -0700', 'time: no day 31 in Sep 2000'],
  ['31/Nov/2000:13:55:36 -0700', 'time: no day 31 in Nov 2000'],
  ['10/Oct/2000:24:00:00 -0700', 'time: no hour 24'],
  ['10/Oct/2000:13:60:36 -0700', 'time: no minute 60'],
  ['10/Oct/2000:13:55:61 -0700', 'time: no second 61'],
  ['10/Oct/2000:13:55:36 +2400', 'time: no offset of 24 h 0 min'],
  ['10/Oct/2000:13:55:36 -0760', 'time: no offset of 7 h 60 min'],
])('refuses %s', (text, reason) => {
  expect(read(text)).toEqual([reason])
})

const shape = 'time: expected [dd/Mon/yyyy:hh:mm:ss +hhmm] after the user'

test('refuses what does not look like a time', () => {
  const time = '10/Oct/2000:13:55:36 -0700'
  const marks = new Set([2, 6, 11, 14, 17, 20, 21])
  for (let index = 0; index < time.length; index++) {
    const isMonth = index > 2 && index < 6
    for (const byte of ['x', '/', ':', '\0', ' ', marks.has(index) ? '0' : '-']) {
      if (isMonth || byte === time[index]) continue
      const text = time.slice(0, index) + byte + time.slice(index + 1)
      // Before and after a good time, which must not be remembered for the bad one.
      expect([text, ...read(text, time, text)]).toEqual([text, shape, Date.parse('2000-10-10T20:55:36Z'), shape])
    }
  }
  for (const text of ['', '1/Oct/2000:13:55:36 -0700', '10/Oct/00:13:55:36 -0700', '10/Oct/2000:13:55:36.5 -0700']) {
    expect([text, ...read(text)]).toEqual([text, shape])
  }
})

test('reads nothing of zeros', () => {
  expect(read('\0'.repeat(26))).toEqual([shape])
})

test('needs the bracket within the line', () => {
  const bytes = Buffer.from('[10/Oct/2000:13:55:36 -0700]')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const reader = clfTimeReader()
  expect(reader.read(view, 1, bytes.length - 1)).toBeNaN()
  expect(reader.refusal().reason).toBe(shape)
})
