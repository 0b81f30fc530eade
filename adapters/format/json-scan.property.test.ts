import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Line } from '../line/line.ts'
import { jsonScan } from './json-scan.ts'

// 1. What the scan takes, JSON.parse takes, and both agree on the fields that were asked for.
// 2. An object that JSON.stringify writes is taken, unless one of its names has an escape in it.
// 3. Of what is not well-formed nothing is taken, wherever a byte was changed, left out or cut off.

const asked = ['a', 'time', 'ü', 'a b', 'toString']

function lineOf(text: string): Line {
  // Within a chunk, so that what stands beside the line does not count.
  const bytes = Buffer.from(`{"x":1}\n${text}\n{"a":2}`)
  return new Line(bytes, 8, bytes.length - 8, 'test', 1, 0)
}

const scan = jsonScan(asked, ['time'])

/** What JSON.parse makes of the fields that were asked for. */
function parsed(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const entries = Object.entries(value).filter(([name]) => asked.includes(name))
  return Object.fromEntries(entries)
}

const name = fc.oneof(
  fc.constantFrom(...asked),
  fc.string({ maxLength: 3 }),
  fc.string({ unit: 'binary', maxLength: 2 }),
)
const value = fc.oneof(
  fc.jsonValue(),
  fc.double().map((number) => (Number.isFinite(number) ? number : 0)),
)
const object = fc.dictionary(name, value, { maxKeys: 5 })
const space = fc.constantFrom(undefined, 1, '\t')

test('laws 1 and 2: what is well-formed', () => {
  fc.assert(
    fc.property(object, space, (each, indent) => {
      const text = JSON.stringify(each, null, indent).replaceAll('\n', ' ')
      const taken = scan(lineOf(text))
      if (Object.keys(each).some((key) => JSON.stringify(key).includes('\\'))) {
        if (taken !== undefined) expect(taken).toEqual(parsed(text))
      } else expect(taken).toEqual(parsed(text))
    }),
    { numRuns: 2_000 },
  )
})

test('laws 1 and 3: what may not be', () => {
  const mutation = fc.record({
    at: fc.nat(200),
    drop: fc.nat(2),
    put: fc.constantFrom('', '"', ',', '}', '{', ':', '\\', '0', '-', '.', 'e', 'u', ' ', '\u0001', ']', 'é'),
  })
  fc.assert(
    fc.property(object, mutation, (each, { at, drop, put }) => {
      const whole = JSON.stringify(each)
      const place = at % (whole.length + 1)
      const text = whole.slice(0, place) + put + whole.slice(place + drop)
      const taken = scan(lineOf(text))
      if (taken !== undefined) expect(taken).toEqual(parsed(text))
    }),
    { numRuns: 10_000 },
  )
})

test.each([
  ['{}', {}],
  ['{"a":1,"a":"2"}', { a: '2' }],
  ['{"a":-0,"time":1e3}', { a: -0, time: 1_000 }],
  [String.raw`{"a":"\u00e9\n","b":"\""}`, { a: 'é\n' }],
  ['{"a":{"a":1},"b":[{"time":2}]}', { a: { a: 1 } }],
  ['{"a":01}', undefined],
  ['{"a":1.}', undefined],
  ['{"a":tru}', undefined],
  ['{"a":1}}', undefined],
  ['{"a":1,}', undefined],
  [String.raw`{"a":"\x"}`, undefined],
  ['[1]', undefined],
  ['', undefined],
  [`${'['.repeat(50)}${']'.repeat(50)}`, undefined],
])('%s', (text, record) => {
  expect(scan(lineOf(text))).toEqual(record)
})
