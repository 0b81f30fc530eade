// Where a run that was stopped has come to, the next one goes on: in the middle of a chunk, of a line, of a gzip file.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Fate, MemoryStore, nothingDurable } from '../../lib/checkpoint/fixtures/crashing.ts'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { run } from '../../lib/run.ts'
import { lines } from './lines.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-resumed-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** Lines of many lengths, with text of several bytes, empty ones and one that does not end. */
const text = `${Array.from({ length: 30 }, (_, i) => `${i} ${'ü€'.repeat((i * 7) % 13)}`).join('\n')}\n\r\n\nlast`

function file(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

/** What runs that stop after so many lines each have seen together, and how many runs there were. */
async function seenBy(
  paths: readonly string[],
  chunkBytes: number,
  linesEach: number,
): Promise<{ seen: string[]; runs: number }> {
  const durable = nothingDurable()
  const checkpoint = { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) }
  const seen: string[] = []
  for (let runs = 1; ; runs++) {
    let count = 0
    const job = run(
      lines(paths, { chunkBytes }),
      (line) => {
        seen.push(`${line.source}:${line.number}@${line.offset} ${line.text}`)
        if (++count === linesEach) void job.stop()
      },
      { batchSize: 1, checkpoint },
    )
    await job.done
    if (count < linesEach) return { seen, runs }
  }
}

test.each([1, 3, 7, 16, 64, 4_096])('in chunks of %i bytes', async (chunkBytes) => {
  const paths = [file('a.log', text), file('b.gz', gzipSync(text)), file('c.log', text)]
  const { seen: expected, runs } = await seenBy(paths, chunkBytes, Infinity)
  expect(runs).toBe(1)
  expect(expected).toHaveLength(3 * 33)
  for (const linesEach of [1, 2, 5, 33, 34]) {
    const { seen, runs } = await seenBy(paths, chunkBytes, linesEach)
    expect(seen).toEqual(expected)
    expect(runs).toBe(Math.floor(99 / linesEach) + 1)
  }
})

test('a line that is written on between two runs is read whole', async () => {
  const path = file('a.log', 'one\ntwo\nthr')
  const durable = nothingDurable()
  const checkpoint = { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) }
  const seen: string[] = []
  const job = run(
    lines(path, { chunkBytes: 6 }),
    (line) => {
      seen.push(line.text)
      if (seen.length === 1) void job.stop()
    },
    { batchSize: 1, checkpoint },
  )
  await job.done
  writeFileSync(path, 'one\ntwo\nthree\n')
  await run(lines(path, { chunkBytes: 6 }), (line) => void seen.push(line.text), { checkpoint }).done
  expect(seen).toEqual(['one', 'two', 'three'])
})

test('a file that the checkpoint names and that is not among the paths any more is an error', async () => {
  const paths = [file('a.log', 'one\ntwo\n'), file('b.log', 'three\n')]
  const durable = nothingDurable()
  const checkpoint = { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) }
  const glob = join(folder, '*.log')
  const job = run(lines(glob), () => void job.stop(), { batchSize: 1, checkpoint })
  await job.done
  rmSync(join(folder, 'a.log'))
  expect(await failureOf(run(lines(glob), () => {}, { checkpoint }).done)).toMatchObject({
    code: 'input',
    message: expect.stringContaining(`expected the file that the checkpoint names, '${paths[0]}', got none`) as unknown,
  })
})
