import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import { lastValueFrom, map, toArray } from 'rxjs'
import { afterAll, expect, test } from 'vitest'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { run } from '../../lib/run.ts'
import { compressionOf } from './compression.ts'
import { lines } from './lines.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidemark-compression-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, content: Buffer): string {
  writeFileSync(join(folder, name), content)
  return join(folder, name)
}

async function texts(path: string, chunkBytes: number): Promise<string[]> {
  return await lastValueFrom(
    lines(path, { chunkBytes }).pipe(
      map(({ text }) => text),
      toArray(),
    ),
  )
}

test.each([
  [[], undefined],
  [[0x1f], undefined],
  [[0x1f, 0x8b], 'gzip'],
  [[0x1f, 0x8c, 0, 0], undefined],
  [[0x28, 0xb5, 0x2f], undefined],
  [[0x28, 0xb5, 0x2f, 0xfd], 'zstd'],
  [[0x28, 0xb5, 0x2f, 0xfe], undefined],
])('%j is the start of %s', (bytes, name) => {
  expect(compressionOf(Buffer.from(bytes))?.name).toBe(name)
})

/** Four frames with checksums: `a1\na`, `2\na3`, nothing, and a line feed. */
const frames = Buffer.from(
  '28b52ffd240421000061310a6151ced75628b52ffd2404210000320a6133077820d328b52ffd240001000099e9d85128b52ffd24010900000a2b57e4ce',
  'hex',
)
const isThere = 'createZstdDecompress' in zlib
const absence = `got zstd: expected Node 22.15 or later to decompress it, got ${process.version}`

test.each([1, 7, 262_144])('zstd, all its frames, in chunks of %i bytes, or that Node has none', async (chunkBytes) => {
  const reading = texts(file('all.log', frames), chunkBytes)
  if (isThere) expect(await reading).toEqual(['a1', 'a2', 'a3'])
  else expect(await failureOf(reading)).toMatchObject({ message: expect.stringContaining(absence) as unknown })
})

test('zstd that is cut off or damaged is an error', async () => {
  const damaged = Buffer.from(frames)
  // In the checksum of the first frame.
  damaged[13] = (damaged[13] ?? 0) ^ 0xff
  for (const [bytes, expected, message] of [
    [frames.subarray(0, -3), ['a1', 'a2', 'a3'], 'got zstd: unexpected end of file'],
    [damaged, ['a1'], 'got zstd: '],
  ] as const) {
    const seen: string[] = []
    const reading = run(lines(file('bad.zst', bytes)), ({ text }) => void seen.push(text)).done
    expect(await failureOf(reading)).toMatchObject({
      code: 'input',
      message: expect.stringContaining(isThere ? message : absence) as unknown,
    })
    expect(seen).toEqual(isThere ? expected : [])
  }
})
