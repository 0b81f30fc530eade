// Laws of keys that leave memory
//
// 1. Whatever is added, changed, removed and expired between checkpoints, and whenever a job comes back from one: a key has the
//    state that it has in a store which holds all of them.
// 2. What an operator counts as held is what there is, as soon as each key has been asked for; and nothing goes uncounted.
// 3. All that a checkpoint would hand over anew is what the changes have made of the cells.
// 4. What has expired leaves the cells, though nobody asks for it.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DirtyCells } from '../checkpoint/dirty-cells.ts'
import type { PagedCells } from '../checkpoint/paged-cells.ts'
import type { SavedPart } from '../checkpoint/saved-state.ts'
import { decode, encode } from '../state/codec.ts'
import { KeyStore } from './key-store.ts'
import type { KeyState } from './key-state.ts'

interface Counted extends KeyState<number> {
  count: number
}

const keep = 20

type Cells = Map<string, readonly [key: Uint8Array, cell: Uint8Array]>

/** An operator that counts the events of each key. */
class Counting {
  held = 0
  expired = 0
  readonly store = new KeyStore<number, Counted>(keep, new DirtyCells())
  readonly part: SavedPart

  constructor(cells: Cells | undefined, watermark: number) {
    this.part = this.store.saved({
      save: ({ count }) => count,
      load: (key, saved, latest) => ({ key, latest, count: Number(saved), number: 0, isChanged: false }),
      count: (saved) => (this.held += Number(saved)),
      paging: { expire: (saved) => this.let(Number(saved)) },
    })
    if (cells === undefined) return
    this.part.page?.(pagedOf(cells), watermark)
    for (const [key, cell] of cells.values()) this.part.load(decode(key), decode(cell))
  }

  let(count: number): void {
    this.held -= count
    this.expired += count
  }

  readonly came = (key: number, time: number): void => {
    const state = this.store.get(key)
    this.held += 1
    if (state === undefined) this.store.add({ key, latest: time, count: 1, number: 0, isChanged: false })
    else {
      state.count += 1
      state.latest = Math.max(state.latest, time)
      this.store.touch(state)
    }
  }

  readonly remove = (key: number): void => {
    const state = this.store.get(key)
    if (state === undefined) return
    this.store.remove(state)
    this.let(state.count)
  }

  readonly advance = (watermark: number): void => {
    while (this.store.expireOne(watermark, ({ count }) => this.let(count)));
  }

  /** Looks at a key without changing it. */
  look(key: number): unknown {
    const state = this.store.get(key)
    // -0 is the same key as 0, and comes back as that.
    return state && [state.key + 0, state.count, state.latest]
  }
}

function pagedOf(cells: Cells): PagedCells {
  return {
    get(key) {
      const found = cells.get(hex(encode(key)))
      return found && decode(found[1])
    },
    from(at, count) {
      const start = at === undefined ? '' : hex(encode(at.key))
      const names = [...cells.keys()].filter((name) => name >= start).toSorted()
      return names.slice(0, count).flatMap((name) => {
        const found = cells.get(name)
        return found === undefined ? [] : [[decode(found[0]), decode(found[1])] as const]
      })
    },
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** Writes what has changed, as a store would. */
function commit(part: SavedPart, cells: Cells): void {
  part.save((key, cell) => {
    const bytes = encode(key)
    if (cell === undefined) cells.delete(hex(bytes))
    else cells.set(hex(bytes), [bytes, encode(cell)])
  }, 'changed')
}

function contents(cells: Cells): string[] {
  return Array.from(cells.values(), ([key, cell]) => `${hex(key)} ${hex(cell)}`).toSorted()
}

function everything(part: SavedPart): string[] {
  const all: string[] = []
  part.save((key, cell) => all.push(`${hex(encode(key))} ${hex(encode(cell))}`), 'all')
  return all.toSorted()
}

type Step =
  | { readonly kind: 'came' | 'remove'; readonly key: number; readonly behind: number }
  | { readonly kind: 'advance'; readonly by: number }
  | { readonly kind: 'commit' | 'crash' }

const key = fc.oneof(fc.nat({ max: 30 }), fc.constantFrom(0, -0, -1, 0.5))
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('came'), key, behind: fc.nat({ max: keep }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove'), key, behind: fc.constant(0) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('advance'), by: fc.oneof(fc.nat({ max: 8 }), fc.nat({ max: 60 })) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('commit') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash') }) },
)

test('1, 2, 3: a key that left memory is what it is where it stays', () => {
  let reads = 0
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      let watermark = 0
      const cells: Cells = new Map()
      // What the last checkpoint has of the store that holds all.
      const saved: Cells = new Map()
      let savedWatermark = 0
      let paged = new Counting(cells, watermark)
      let whole = new Counting(undefined, watermark)
      let counted = 0
      for (const each of steps) {
        switch (each.kind) {
          case 'came':
            counted += 1
            for (const { came } of [paged, whole]) came(each.key, watermark - each.behind)
            break
          case 'remove':
            for (const { remove } of [paged, whole]) remove(each.key)
            break
          case 'advance':
            watermark += each.by
            for (const { advance } of [paged, whole]) advance(watermark)
            break
          case 'commit':
            commit(paged.part, cells)
            commit(whole.part, saved)
            savedWatermark = watermark
            expect(everything(paged.part)).toEqual(contents(cells))
            paged.part.committed?.()
            break
          case 'crash':
            watermark = savedWatermark
            paged = new Counting(cells, watermark)
            whole = new Counting(undefined, watermark)
            for (const [name, cell] of saved.values()) whole.part.load(decode(name), decode(cell))
            counted = paged.held
            break
        }
        expect(paged.held + paged.expired).toBe(counted)
      }
      const resident = paged.store.size
      for (let name = -1; name <= 30; name += 0.5) expect(paged.look(name)).toEqual(whole.look(name))
      expect({ held: paged.held, size: paged.store.size }).toEqual({ held: whole.held, size: whole.store.size })
      reads += resident - paged.store.size
    }),
    { numRuns: 400 },
  )
  // Some had expired and were counted until somebody asked.
  expect(reads).toBeGreaterThan(0)
})

test('4: what has expired leaves the cells within a few checkpoints', () => {
  const cells: Cells = new Map()
  const counting = new Counting(cells, 0)
  for (let time = 0; time < 20_000; time++) {
    counting.came(time, time)
    counting.advance(time)
    if (time % 50 === 0) {
      commit(counting.part, cells)
      counting.part.committed?.()
    }
    // 20 are live, 100 were asked for since the last checkpoint but one.
    expect(cells.size).toBeLessThan(250)
  }
  expect(counting.store.size).toBeLessThan(250)
})

test('4: also behind many that have not', () => {
  const cells: Cells = new Map()
  const counting = new Counting(cells, 0)
  const next = (): void => {
    commit(counting.part, cells)
    counting.part.committed?.()
  }
  for (let name = 0; name < 300; name++) counting.came(name, 1_000)
  // Behind them, by the order of their bytes.
  for (let name = 10_000; name < 10_010; name++) counting.came(name, 0)
  next()
  next()
  next()
  counting.advance(500)
  expect(cells.size).toBe(310)
  for (let i = 0; i < 300 / 16 + 1; i++) next()
  expect(cells.size).toBe(300)
  expect(counting.held).toBe(300)
})

test('a job whose input had ended has no keys', () => {
  const cells: Cells = new Map()
  const counting = new Counting(cells, 0)
  counting.came(1, 0)
  commit(counting.part, cells)
  const after = new Counting(cells, Infinity)
  expect({ size: after.store.size, held: after.held, state: after.look(1) }).toEqual({ size: 0, held: 0 })
})

test('a key whose state has come to an end while it was away is not there', () => {
  const cells: Cells = new Map()
  const store = new KeyStore<number, KeyState<number>>(keep, new DirtyCells())
  let isSpent = false
  const part = store.saved({
    save: () => 'saved',
    load: (name, _, latest) => ({ key: name, latest, number: 0, isChanged: false }),
    paging: { isSpent: () => isSpent },
  })
  part.page?.(pagedOf(cells), 0)
  const next = (): void => {
    commit(part, cells)
    part.committed?.()
  }
  for (const name of [1, 2]) store.add({ key: name, latest: 0, number: 0, isChanged: false })
  next()
  next()
  expect([store.size, store.get(1)]).toMatchObject([2, { key: 1 }])
  next()
  next()
  isSpent = true
  expect([store.get(1), store.size]).toEqual([undefined, 1])
  next()
  // The other one was come upon.
  expect([cells.size, store.size]).toEqual([0, 0])
})

test('a key that was asked for since the last checkpoint but one is not read again', () => {
  const cells: Cells = new Map()
  const counting = new Counting(cells, 0)
  let reads = 0
  const paged = pagedOf(cells)
  const get = (name: unknown): unknown => {
    reads += 1
    return paged.get(name)
  }
  counting.part.page?.({ ...paged, get }, 0)
  const next = (): void => {
    commit(counting.part, cells)
    counting.part.committed?.()
  }
  counting.came(1, 0)
  counting.came(2, 0)
  expect(reads).toBe(2)
  next()
  expect(counting.look(1)).toEqual([1, 1, 0])
  next()
  expect(reads).toBe(2)
  expect(counting.look(1)).toEqual([1, 1, 0])
  expect(reads).toBe(2)
  expect(counting.look(2)).toEqual([2, 1, 0])
  expect(reads).toBe(3)
  next()
  next()
  next()
  expect(counting.look(1)).toEqual([1, 1, 0])
  expect(reads).toBe(4)
  expect(counting.store.size).toBe(2)
})
