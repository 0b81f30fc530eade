import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { logStore } from '../../../lib/state/log-store.ts'
import type { Recovered, StateStore } from '../../../lib/state/state-store.ts'
import { lmdbStore } from '../../lmdb/index.ts'
import { type CellBytes, cellBytes } from './changelog.ts'
import { LocalState, type LocalStore } from './local-state.ts'

const root = mkdtempSync(join(tmpdir(), 'tidemark-kafka-local-'))
afterAll(() => rmSync(root, { recursive: true }))
let folders = 0

const head = (epoch: number): { epoch: number; meta: Uint8Array } => ({ epoch, meta: new Uint8Array([epoch]) })

function cells(...pairs: readonly (readonly [string, unknown])[]): ReadonlyMap<string, CellBytes> {
  return new Map(
    pairs.map(([key, value]) => {
      const cell = cellBytes('t', key, value)
      return [cell.key.toString('latin1'), cell]
    }),
  )
}

function contents(recovered: Recovered | undefined, state: LocalState): readonly unknown[] {
  if (recovered === undefined) return []
  // Of a store that reads single cells none is handed over.
  if (state.reader !== undefined) return ['a', 'b', 'c'].map((key) => state.reader?.get('t', key))
  const found = new Map([...recovered.tables()].flatMap((table) => [...recovered.cells(table)]))
  return ['a', 'b', 'c'].map((key) => found.get(key))
}

describe.each<readonly [string, (folder: string) => StateStore]>([
  ['in a log', (folder) => logStore(folder)],
  ['in lmdb', (folder) => lmdbStore(folder)],
])('%s', (_, open) => {
  const local = (): LocalStore => {
    const folder = join(root, `copy-${folders++}`)
    return { folder, open: () => open(folder) }
  }

  test('a copy goes on where it was, and takes what has come since', async () => {
    const at = local()
    const first = await LocalState.open(at, 3, 0)
    expect(first.next).toBe(3)
    await first.apply(cells(['a', 1], ['b', 2]), head(1), 10, 0)
    await first.close()
    const second = await LocalState.open(at, 3, 1_000)
    expect(second.next).toBe(10)
    await second.apply(cells(['a', undefined], ['c', 3]), head(2), 15, 1_000)
    const recovered = await second.recovered()
    expect([recovered?.epoch, recovered?.meta[0]]).toEqual([2, 2])
    expect(contents(recovered, second)).toEqual([undefined, 2, 3])
    await second.close()
  })

  test('says what there is in place of cells that do not count', async () => {
    const at = local()
    const state = await LocalState.open(at, 0, 0)
    await state.apply(cells(['a', 1]), head(1), 10, 0)
    expect(state.insteadOf(cells(['a', 9], ['b', 9]))).toEqual([...cells(['a', 1], ['b', undefined]).values()])
    await state.close()
  })

  test.each([
    ['the changelog does not reach back to it any more', 11, 0],
    ['it is so old that the changelog may have forgotten what is gone', 0, 12 * 3_600_000 + 1],
  ])('a copy is thrown away where %s', async (_, start, now) => {
    const at = local()
    const first = await LocalState.open(at, 0, 0)
    await first.apply(cells(['a', 1]), head(1), 10, 0)
    await first.close()
    const second = await LocalState.open(at, start, now)
    expect(second.next).toBe(start)
    expect(await second.recovered()).toBeUndefined()
    await second.close()
    expect(existsSync(at.folder)).toBe(true)
  })

  test.each([
    [10, 0],
    [0, 12 * 3_600_000],
  ])('and kept up to there: a changelog from %i on, after %i ms', async (start, now) => {
    const at = local()
    const first = await LocalState.open(at, 0, 0)
    await first.apply(cells(['a', 1]), head(1), 10, 0)
    await first.close()
    const second = await LocalState.open(at, start, now)
    expect(second.next).toBe(10)
    await second.close()
  })
})
