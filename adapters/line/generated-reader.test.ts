import { expect, test } from 'vitest'
import type { Chunk } from '../../lib/chunk-source.ts'
import { generatedReader } from './generated-reader.ts'

/** Counts to 2 in chunks, then waits until it is told to stop, and says what it has come to. */
async function* chunks(signal: AbortSignal, seen: string[]): AsyncGenerator<Chunk<number>> {
  try {
    yield { values: [1] }
    yield { values: [2] }
    seen.push('waits')
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve())
    })
  } finally {
    seen.push('freed')
  }
}

test('close frees what is held between two reads', async () => {
  const seen: string[] = []
  const reader = generatedReader((signal) => chunks(signal, seen))
  expect(await reader.read()).toEqual({ values: [1] })
  await reader.close()
  expect(seen).toEqual(['freed'])
})

test('close ends a read that is under way, and waits until it has', async () => {
  const seen: string[] = []
  const reader = generatedReader((signal) => chunks(signal, seen))
  await reader.read()
  await reader.read()
  const last = reader.read()
  await reader.close()
  expect(seen).toEqual(['waits', 'freed'])
  expect(await last).toBeUndefined()
})

test('nothing is held before the first read', async () => {
  const seen: string[] = []
  await generatedReader((signal) => chunks(signal, seen)).close()
  expect(seen).toEqual([])
})
