// Laws of merging files:
// 1. However records in order are dealt to files, and files are cut into pieces, what comes out is the sort of all, equal times in the
//    order of the files; what is refused comes in its place in its file.
// 2. A run that is stopped anywhere and started again, any number of times and with pieces of another size, gives the same.
// 3. Where each file is out of order by so much at most, so is the whole.
// 4. Which input comes first is what looking at all of them would say.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { Fate, MemoryStore, nothingDurable } from '../../lib/checkpoint/fixtures/crashing.ts'
import { route, run } from '../../lib/run.ts'
import { sideOutput } from '../../lib/wiring/side-output.ts'
import type { DeadLetter } from '../line/dead-letter.ts'
import { json } from '../format/json.ts'
import { mergedRecords } from './merged-records.ts'
import { MergeQueue } from './merge-queue.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidemark-merged-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Hit {
  readonly at: number
  readonly id: string
}

const long = 'x'.repeat(60)
/** A line of a file: a time, one that does not parse, one without a time, one that is too long, or nothing at all. */
type Item = number | string

const time = fc.integer({ min: -3, max: 12 })
const other = fc.constantFrom('bad', '{}', long, '')
const ascending = fc
  .array(fc.oneof({ weight: 6, arbitrary: time }, { weight: 1, arbitrary: other }), { maxLength: 12 })
  .map((items) => {
    const times = items.filter((item) => typeof item === 'number').toSorted((a, b) => a - b)
    return items.map((item) => (typeof item === 'number' ? (times.shift() ?? 0) : item))
  })
const files = fc.array(fc.record({ items: ascending, isZipped: fc.boolean(), isEnded: fc.boolean() }), {
  minLength: 1,
  maxLength: 5,
})
const pieces = fc.integer({ min: 1, max: 80 })

function lineOf(item: Item, id: string): string {
  return typeof item === 'number' ? JSON.stringify({ at: item, id }) : item
}

let count = 0
function written(given: readonly { items: readonly Item[]; isZipped: boolean; isEnded: boolean }[]): string[] {
  count += 1
  return given.map(({ items, isZipped, isEnded }, index) => {
    const path = join(folder, `${count}-${index}`)
    const text =
      items.map((item, line) => lineOf(item, `${index}:${line}`)).join('\n') + (isEnded && items.length > 0 ? '\n' : '')
    writeFileSync(path, isZipped ? gzipSync(text) : text)
    return path
  })
}

/** What runs that stop after so many records have given together: records, and the places of what was refused. */
async function merged(
  paths: readonly string[],
  chunkBytes: readonly number[],
  stops: readonly number[] = [],
): Promise<{ ids: string[]; refused: string[] }> {
  const durable = nothingDurable()
  const checkpoint = { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) }
  const ids: string[] = []
  const letters: string[] = []
  for (let runs = 0; ; runs++) {
    const refused = sideOutput<DeadLetter>('dead letters')
    const source = mergedRecords<Hit>({ paths, parser: json<Hit>() }, ({ at }) => at, {
      refused,
      maxLineBytes: 50,
      chunkBytes: chunkBytes[runs % chunkBytes.length] ?? 1,
    })
    let left = stops[runs] ?? Infinity
    const job = run(
      [
        route(source, ({ id }: Hit) => {
          ids.push(id)
          if (--left <= 0) void job.stop()
        }),
        route(
          refused,
          ({ source, number, offset }) => void letters.push(`${paths.indexOf(source)}:${number}@${offset}`),
        ),
      ],
      { batchSize: 1, checkpoint },
    )
    await job.done
    if (left > 0) return { ids, refused: letters }
  }
}

function sorted(given: readonly { items: readonly Item[] }[]): string[] {
  const all = given.flatMap(({ items }, index) =>
    items.flatMap((item, line) => (typeof item === 'number' ? [{ at: item, id: `${index}:${line}` }] : [])),
  )
  return all.toSorted((a, b) => a.at - b.at).map(({ id }) => id)
}

function refusedOf(given: readonly { items: readonly Item[]; isEnded: boolean }[]): string[] {
  return given.flatMap(({ items, isEnded }, index) => {
    let offset = 0
    return items.flatMap((item, line) => {
      const place = `${index}:${line + 1}@${offset}`
      offset += lineOf(item, `${index}:${line}`).length + 1
      // What ends the text without being ended is no line.
      const isLine = item !== '' || isEnded || line < items.length - 1
      return typeof item !== 'number' && isLine ? [place] : []
    })
  })
}

test('law 1: the merge of sorted files is the sort of all', async () => {
  await fc.assert(
    fc.asyncProperty(files, pieces, async (given, chunkBytes) => {
      const { ids, refused } = await merged(written(given), [chunkBytes])
      expect(ids).toEqual(sorted(given))
      expect(refused.toSorted()).toEqual(refusedOf(given).toSorted())
    }),
    { numRuns: 60 },
  )
})

test('law 2: runs that are stopped give what one gives', async () => {
  const stops = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(
      files,
      fc.array(pieces, { minLength: 1, maxLength: 3 }),
      stops,
      async (given, chunkBytes, stops) => {
        const paths = written(given)
        expect(await merged(paths, chunkBytes, stops)).toEqual(await merged(paths, [17]))
      },
    ),
    { numRuns: 80 },
  )
})

test('law 3: the whole is out of order by no more than each file', async () => {
  const nearly = fc.array(time, { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(fc.array(nearly, { minLength: 1, maxLength: 4 }), async (lists) => {
      const given = lists.map((items) => ({ items, isZipped: false, isEnded: true }))
      const { ids } = await merged(written(given), [40])
      const times = ids.map((id) => {
        const [file = 0, line = 0] = id.split(':').map(Number)
        return lists[file]?.[line] ?? Number.NaN
      })
      expect(disorder(times)).toBeLessThanOrEqual(Math.max(...lists.map(disorder)))
      expect(times).toHaveLength(lists.flat().length)
    }),
    { numRuns: 60 },
  )
})

/** How far a time is behind one before it, at most. */
function disorder(times: readonly number[]): number {
  let most = 0
  let highest = -Infinity
  for (const each of times) {
    highest = Math.max(highest, each)
    most = Math.max(most, highest - each)
  }
  return most
}

test('law 4: the queue says what comes first', () => {
  const steps = fc.array(fc.oneof(fc.constant('shift' as const), time, time), { maxLength: 60 })
  fc.assert(
    fc.property(fc.array(time, { maxLength: 20 }), steps, (times, steps) => {
      const queue = new MergeQueue<{ time: number; order: number }>()
      const all = times.map((time, order) => ({ time, order }))
      for (const input of all) queue.push(input)
      for (const step of steps) {
        const first = all.toSorted((a, b) => a.time - b.time || a.order - b.order)[0]
        expect(queue.first).toBe(first)
        if (first === undefined) return
        if (step === 'shift') {
          all.splice(all.indexOf(first), 1)
          queue.shift()
        } else {
          first.time = step
          queue.settle()
        }
      }
    }),
    { numRuns: 500 },
  )
})
