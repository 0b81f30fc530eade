// Laws of the access log parsers:
//
// 1. A hit that is printed the way Apache, nginx or a careless server does is read back, with any fields.
// 2. Whatever is done to the bytes of a line, what is made of it with some fields is the part of what is made of it with all,
//    and it is refused for the same reason.
// 3. What is made of a line depends on its bytes alone: not on those around it in its chunk, nor on the lines before it.

import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
import type { Line } from '../line/line.ts'
import { combined, combinedFields } from './combined.ts'
import { common, commonFields } from './common.ts'
import { hostile, lineOf } from './fixtures/line-of.ts'
import { printedHit } from './fixtures/printed-hit.ts'
import type { CombinedHit } from './hit.ts'
import { type Parser, Unparsable } from './parser.ts'

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('"', '\\', ' ', '[', ']', '-', 'x', '4'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 30,
})
const word = text.map((string) => string.replaceAll(' ', '') || 'w')
const optional = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string | undefined> =>
  fc.option(
    arbitrary.filter((string) => string !== '-'),
    { nil: undefined },
  )

const host = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.ipV6().map((address) => `[${address}]`),
  fc.domain(),
  fc.constant('-'),
  word,
)
// Neither a '-' among words nor what looks like a time, both of which make a line ambiguous.
const user = optional(text).filter((name) => name !== '""' && !/(?:^| )-(?: |$)/.test(name ?? ''))
const path = fc.oneof(
  fc.webPath().filter((part) => part !== ''),
  text.map((string) => `/${string}`),
)
const structured = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'HEAD', 'M-SEARCH', 'RPC_IN_DATA', 'get'),
    path,
    protocol: fc.constantFrom('HTTP/1.0', 'HTTP/1.1', 'HTTP/2', 'RTSP/1.0'),
  })
  .map((parts) => ({ request: `${parts.method} ${parts.path} ${parts.protocol}`, ...parts }))
const unstructured = text
  .filter((request) => !/^[A-Za-z_-]+ .+ [A-Z]+\/[\d.]+$/s.test(request))
  .map((request) => ({ request, method: undefined, path: undefined, protocol: undefined }))

const hits: fc.Arbitrary<CombinedHit> = fc
  .record({
    who: fc.record({ host, ident: optional(word), user }),
    time: fc.integer({ min: -62_167_000_000, max: 253_402_000_000 }).map((second) => second * 1000),
    request: fc.oneof(structured, unstructured),
    rest: fc.record({
      status: fc.nat({ max: 999 }),
      bytes: fc.option(fc.oneof(fc.nat(), fc.nat({ max: 999_999_999_999_999 })), { nil: undefined }),
      referer: optional(fc.oneof(fc.webUrl(), text)),
      agent: optional(text),
    }),
  })
  .map(({ who, time, request, rest }) => ({ ...who, time, ...request, ...rest }))
const escapings = fc.constantFrom('apache', 'nginx', 'little')
const offsets = fc.integer({ min: -1439, max: 1439 })

/** Lines, most of them with some bytes changed, lost or added. */
const lines = fc
  .record({
    hit: hits,
    escaping: escapings,
    offset: offsets,
    edits: fc.array(
      fc.record({
        at: fc.nat({ max: 400 }),
        lost: fc.nat({ max: 2 }),
        added: fc.oneof(
          fc.constantFrom('', '"', '\\', ' ', '[', ' [', ']', '-', '0', '9', ':', '/', '+'),
          fc.string({ maxLength: 3 }),
        ),
      }),
      { maxLength: 4 },
    ),
    end: fc.oneof({ weight: 3, arbitrary: fc.constant(Infinity) }, { weight: 1, arbitrary: fc.nat({ max: 400 }) }),
  })
  .map(({ hit, escaping, offset, edits, end }) => {
    let line = printedHit(hit, escaping, offset).toString('latin1')
    for (const { at, lost, added } of edits) {
      const index = at % (line.length + 1)
      line = line.slice(0, index) + added + line.slice(index + lost)
    }
    return Buffer.from(line.slice(0, end), 'latin1')
  })
const fieldSets = fc.subarray([...combinedFields])

const full = combined()

function pick(record: object, fields: readonly string[]): object {
  return Object.fromEntries(Object.entries(record).filter(([field]) => fields.includes(field)))
}

/** A refusal as its reason. */
function outcome(parser: Parser<object>, line: Line): unknown {
  const record = parser.parse(line)
  return record instanceof Unparsable ? record.reason : record
}

test.prop([hits, escapings, offsets, fieldSets])('law 1: reads what was printed', (hit, escaping, offset, fields) => {
  const line = lineOf(printedHit(hit, escaping, offset))
  expect(full.parse(line)).toStrictEqual(hit)
  expect(combined({ fields }).parse(line)).toStrictEqual(pick(hit, fields))
  expect(common().parse(line)).toStrictEqual(pick(hit, commonFields))
})

test.prop([lines, fieldSets], { numRuns: 1_000 })('law 2: takes the fields from the same whole', (bytes, fields) => {
  const line = lineOf(bytes)
  const whole = full.parse(line)
  const expected = whole instanceof Unparsable ? whole : pick(whole as CombinedHit, fields)
  expect(combined({ fields }).parse(line)).toStrictEqual(expected)
})

const surroundings = ['', '0', ' ', '"', '\\', ']', '\n', '\xff', hostile]

test.prop([fc.array(lines, { minLength: 1, maxLength: 5 })], { numRuns: 100 })(
  'law 3: depends on the bytes of the line alone',
  (all) => {
    for (const make of [combined, common]) {
      const used = make()
      for (const bytes of all) {
        const expected = outcome(make(), lineOf(bytes, { around: '' }))
        for (const around of surroundings) expect(outcome(used, lineOf(bytes, { around }))).toStrictEqual(expected)
      }
    }
  },
)
