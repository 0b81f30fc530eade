// A job that is stopped in the middle of a file knows the header when it goes on.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { DurableSink, Fate, MemoryStore, nothingDurable } from '../../lib/checkpoint/fixtures/crashing.ts'
import { turns } from '../../lib/fixtures/turns.ts'
import { run } from '../../lib/run.ts'
import { sideOutput } from '../../lib/wiring/side-output.ts'
import { merge } from 'rxjs'
import { lines } from '../file/index.ts'
import type { DeadLetter } from '../line/dead-letter.ts'
import { csv, parse, tsv } from './index.ts'

const root = mkdtempSync(join(tmpdir(), 'tidemark-'))
afterAll(() => rmSync(root, { recursive: true }))

test.each([
  ['csv', csv, ','],
  ['tsv', tsv, '\t'],
] as const)('%s', async (name, format, delimiter) => {
  const good = join(root, `good.${name}`)
  const bad = join(root, `bad.${name}`)
  const rows = Array.from({ length: 200 }, (_, i) => `${i}${delimiter}${i * 2}`)
  writeFileSync(good, [`id${delimiter}price`, ...rows].join('\n'))
  writeFileSync(bad, [`id${delimiter}id`, ...rows.slice(0, 3)].join('\n'))
  const durable = nothingDurable()
  const written: unknown[] = []
  for (let starts = 0; ; starts++) {
    const refused = sideOutput<DeadLetter>('refused')
    const parsed = lines([bad, good], { chunkBytes: 64 }).pipe(parse(format(), { refused }))
    const checkpoint = { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) }
    const sink = new DurableSink<unknown>(written, new Fate())
    const job = run(merge(parsed, refused), sink, { batchSize: 8, checkpoint })
    const before = written.length
    while (written.length < before + 30 && written.length < 204) await turns(1)
    if (written.length < 204) await job.stop()
    else {
      await job.done
      expect(starts).toBeGreaterThan(3)
      break
    }
  }
  expect(written.slice(0, 4)).toMatchObject(
    [1, 2, 3, 4].map((number) => ({
      source: bad,
      number,
      reason: "header: expected names that differ, got 'id' twice",
    })),
  )
  expect(written.slice(4)).toEqual(rows.map((_, i) => ({ id: `${i}`, price: `${i * 2}` })))
})
