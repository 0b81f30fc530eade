// Laws of joining lines:
// 1. However files are cut into pieces, what comes out is each file's lines, joined by what begins a record; never of two files.
// 2. A run that is stopped anywhere and started again, any number of times, gives the same.
// 3. `continuation` says what `start` says, the other way round.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { Fate, MemoryStore, nothingDurable } from '../../lib/checkpoint/fixtures/crashing.ts'
import { run } from '../../lib/run.ts'
import { lines } from '../file/lines.ts'
import { multiline, type MultilineOptions } from './multiline.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidemark-multiline-'))
afterAll(() => rmSync(folder, { recursive: true }))

const maxBytes = 24
const line = fc.constantFrom('> a', '> ü€', ' b', '', ' cc', '>', ' a line of its own length')
const file = fc.record({
  lines: fc.array(line, { maxLength: 12 }),
  ending: fc.constantFrom('\n', '\r\n'),
  isZipped: fc.boolean(),
})
const files = fc.array(file, { minLength: 1, maxLength: 4 })
const pieces = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 3 })

interface Content {
  readonly lines: readonly string[]
  readonly ending: string
  readonly isZipped: boolean
}

function recordsOf(given: readonly Content[]): string[] {
  return given.flatMap(({ lines }, index) => {
    const records: string[] = []
    let isFull = false
    for (const [at, text] of lines.entries()) {
      const record = records.at(-1)
      if (record === undefined || text.startsWith('>')) {
        records.push(`${index}:${at + 1} ${text}`)
        isFull = false
      } else {
        isFull ||= Buffer.byteLength(`${record}\n${text}`.replace(/^\d+:\d+ /, '')) > maxBytes
        if (!isFull) records[records.length - 1] = `${record}\n${text}`
      }
    }
    return records
  })
}

let count = 0
async function joined(
  given: readonly Content[],
  chunkBytes: readonly number[],
  stops: readonly number[],
  how: MultilineOptions,
): Promise<string[]> {
  count += 1
  const paths = given.map(({ lines, ending, isZipped }, index) => {
    const path = join(folder, `${count}-${index}`)
    const text = lines.map((each) => each + ending).join('')
    writeFileSync(path, isZipped ? gzipSync(text) : text)
    return path
  })
  const durable = nothingDurable()
  const checkpoint = { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) }
  const seen: string[] = []
  for (let runs = 0; ; runs++) {
    let left = stops[runs] ?? Infinity
    const source = lines(paths, { chunkBytes: chunkBytes[runs % chunkBytes.length] ?? 1 })
    const job = run(
      source.pipe(multiline({ ...how, maxBytes })),
      ({ source, number, text }) => {
        seen.push(`${paths.indexOf(source)}:${number} ${text}`)
        if (--left <= 0) void job.stop()
      },
      { batchSize: 1, checkpoint },
    )
    const { balanced } = await job.done
    expect(balanced).toBe(true)
    if (left > 0) return seen
  }
}

test('law 1: records are the lines of a file, joined', async () => {
  await fc.assert(
    fc.asyncProperty(files, pieces, async (given, chunkBytes) => {
      expect(await joined(given, chunkBytes, [], { start: /^>/ })).toEqual(recordsOf(given))
    }),
    { numRuns: 80 },
  )
})

test('law 2: runs that are stopped give what one gives', async () => {
  const stops = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(files, pieces, stops, async (given, chunkBytes, stops) => {
      expect(await joined(given, chunkBytes, stops, { start: /^>/g })).toEqual(recordsOf(given))
    }),
    { numRuns: 100 },
  )
})

test('law 3: what continues a record is what does not begin one', async () => {
  await fc.assert(
    fc.asyncProperty(files, async (given) => {
      expect(await joined(given, [1_000], [], { continuation: /^(?!>)/ })).toEqual(recordsOf(given))
    }),
    { numRuns: 30 },
  )
})
