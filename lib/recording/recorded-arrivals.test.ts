import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TidemarkError } from '../errors.ts'
import { type Arrival, recordedArrivals } from './recorded-arrivals.ts'
import { RecordingWriter } from './recording-writer.ts'

const head = '{"recording":1,"start":"2026-11-28T22:00:00.000Z"}'
const start = Date.UTC(2026, 10, 28, 22)

async function arrivalsOf(text: string): Promise<readonly Arrival[]> {
  const all: Arrival[] = []
  for await (const arrival of recordedArrivals(text.split('\n'), 'tape')) all.push(arrival)
  return all
}

test('what was recorded is read, whatever bytes they are, and however the clock went', async () => {
  const piece = fc.record({ time: fc.nat({ max: 9_000 }), bytes: fc.uint8Array({ maxLength: 20 }) })
  await fc.assert(
    fc.asyncProperty(fc.array(piece), fc.string({ unit: 'binary' }), async (pieces, text) => {
      const all = [...pieces, { time: 9_000, bytes: Buffer.from(text) }]
      const writer = new RecordingWriter(start)
      const lines = all.map(({ time, bytes }) => writer.piece(start + time, Buffer.from(bytes)))
      const arrivals = await arrivalsOf(writer.head() + lines.join(''))
      expect(arrivals.map(({ bytes }) => bytes.toString('hex'))).toEqual(
        all.map(({ bytes }) => Buffer.from(bytes).toString('hex')),
      )
      let latest = 0
      expect(arrivals.map(({ time }) => time - start)).toEqual(all.map(({ time }) => (latest = Math.max(latest, time))))
    }),
  )
})

test('a last line that is cut off is passed over', async () => {
  const pieces = `${head}\n{"at":5,"text":"a"}\n`
  for (const cut of ['{"at":7,"te', '{"at"', '7']) {
    expect(await arrivalsOf(pieces + cut)).toEqual([{ time: start + 5, bytes: Buffer.from('a') }])
  }
  expect(await arrivalsOf(head)).toEqual([])
})

test.each([
  ['', 'tape: expected a recording, which begins with {"recording":1,"start":...}, got \'\''],
  ['one\ntwo', 'tape: expected a recording, which begins with {"recording":1,"start":...}, got \'one\''],
  ['{"recording":2,"start":"2026-11-28T22:00:00.000Z"}\n', 'tape: expected a recording'],
  ['{"recording":1,"start":"soon"}\n', 'tape: expected a recording'],
  [`${head}\n{"at":5\n{"at":6,"text":""}`, 'tape:2: expected a piece of a recording'],
  [`${head}\n{"at":5}\n`, 'tape:2: expected a piece with at, and text or base64'],
  [`${head}\n{"at":-1,"text":""}\n`, 'tape:2: expected a piece with at, and text or base64'],
  [`${head}\n{"at":5,"text":""}\n{"at":4,"text":""}`, 'tape:3: expected a piece behind 5 ms, got 4'],
])('%j is refused', async (text, message) => {
  const error: unknown = await arrivalsOf(text).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(TidemarkError)
  expect((error as TidemarkError).message).toContain(message)
})
