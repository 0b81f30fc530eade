import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { fileBytes } from './file-bytes.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidemark-bytes-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function read(content: Buffer, chunkBytes: number, offset: number, end?: number): Promise<string> {
  writeFileSync(join(folder, 'file'), content)
  const pieces: Buffer[] = []
  const bytes = fileBytes(join(folder, 'file'), chunkBytes, new AbortController().signal, offset, end)
  for await (const piece of bytes) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

test.each([1, 3, 4, 100])('bytes from a place to another, in pieces of %i', async (chunkBytes) => {
  const plain = Buffer.from('0123456789')
  expect(await read(plain, chunkBytes, 0)).toBe('0123456789')
  expect(await read(plain, chunkBytes, 2, 7)).toBe('23456')
  expect(await read(plain, chunkBytes, 7, 7)).toBe('')
  expect(await read(plain, chunkBytes, 2, 70)).toBe('23456789')
  const zipped = gzipSync(plain)
  const longer = Buffer.concat([zipped, gzipSync('more')])
  expect(await read(longer, chunkBytes, 2)).toBe('23456789more')
  expect(await read(longer, chunkBytes, 2, zipped.length)).toBe('23456789')
})
