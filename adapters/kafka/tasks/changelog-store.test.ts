import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { VirtualClock } from '../../../lib/clock.ts'
import { encode } from '../../../lib/state/codec.ts'
import { logStore } from '../../../lib/state/log-store.ts'
import type { Recovered } from '../../../lib/state/state-store.ts'
import type { KafkaDriver, PartitionOffset, Producer } from '../driver.ts'
import { type MemoryCluster, memoryCluster } from '../memory/memory-cluster.ts'
import { RecordWriter } from '../record-writer.ts'
import { cellBytes, commitRecords } from './changelog.ts'
import { ChangelogStore } from './changelog-store.ts'
import type { LocalStore } from './local-state.ts'

const changelog = { topic: 'changelog', partition: 0 }
const input = { topic: 'in', partition: 0 }

class Keeping {
  readonly clock = new VirtualClock()
  readonly cluster: MemoryCluster = memoryCluster({ clock: this.clock })
  readonly driver: KafkaDriver = this.cluster.driver('one')
  readonly producer: Producer = this.driver.producer({})
  readonly published: (readonly PartitionOffset[])[] = []
  readonly progress: string[] = []
  isGone = false
  publish = async (offsets: readonly PartitionOffset[]): Promise<void> => void this.published.push(offsets)

  constructor() {
    this.cluster.topic('changelog', 1)
  }

  store(producer: Producer = this.producer, local?: LocalStore): ChangelogStore {
    return new ChangelogStore({
      driver: this.driver,
      writer: new RecordWriter(this.driver, producer),
      clock: this.clock,
      local,
      changelog,
      inputs: new Map([['source', input]]),
      check: () => {
        if (this.isGone) throw new Error('gone')
      },
      publish: (offsets) => this.publish(offsets),
      restoring: (read, all) => this.progress.push(`${read} of ${all}`),
      restored: () => void this.progress.push('all'),
      isOver: () => false,
    })
  }
}

function meta(position: number): Uint8Array {
  return encode({ sources: new Map([['source', { position }]]) })
}

async function commit(
  store: ChangelogStore,
  epoch: number,
  cells: readonly (readonly [string, unknown])[],
  position = epoch,
): Promise<void> {
  const changes = (write: (table: string, key: unknown, value: unknown) => void): void => {
    for (const [key, value] of cells) write('t', key, value)
  }
  await store.commit({ epoch, meta: meta(position), changes, all: changes })
}

function contents(recovered: Recovered | undefined): readonly unknown[] {
  return recovered === undefined ? [] : [...recovered.tables()].flatMap((table) => [...recovered.cells(table)])
}

test('has what was committed, and tells how far it has read', async () => {
  const keeping = new Keeping()
  const store = keeping.store()
  expect(await store.open()).toBeUndefined()
  await commit(store, 1, [
    ['a', 1],
    ['b', 2],
  ])
  await commit(store, 2, [
    ['a', undefined],
    ['b', 3],
  ])
  expect(keeping.published).toEqual([[{ ...input, offset: 1 }], [{ ...input, offset: 2 }]])
  const recovered = await keeping.store().open()
  expect(recovered?.epoch).toBe(2)
  expect(contents(recovered)).toEqual([['b', 3]])
  expect(keeping.progress.slice(-2)).toEqual(['6 of 6', 'all'])
})

const root = mkdtempSync(join(tmpdir(), 'tidemark-kafka-changelog-'))
afterAll(() => rmSync(root, { recursive: true }))
const copy: LocalStore = { folder: join(root, 'copy'), open: () => logStore(join(root, 'copy')) }

test.each([
  ['without a copy on the machine', undefined],
  ['with one', copy],
])('cells of a commit that was not finished do not count, now or later: %s', async (_, local) => {
  const keeping = new Keeping()
  const store = keeping.store(keeping.producer, local)
  await store.open()
  await commit(store, 1, [['a', 1]])
  await store.close()
  const torn = [cellBytes('t', 'a', 9), cellBytes('t', 'b', 9)]
  keeping.cluster.produce(commitRecords(changelog, torn, { epoch: 2, meta: meta(2) }).slice(0, -1))
  const next = keeping.store(keeping.producer, local)
  expect(contents(await next.open())).toEqual([['a', 1]])
  await commit(next, 2, [['c', 3]])
  await next.close()
  expect(contents(await keeping.store().open())).toEqual([
    ['a', 1],
    ['c', 3],
  ])
})

test('a copy has nothing that was not published', async () => {
  const keeping = new Keeping()
  const folder = join(root, 'unpublished')
  const local: LocalStore = { folder, open: () => logStore(folder) }
  const store = keeping.store(keeping.producer, local)
  await store.open()
  await commit(store, 1, [['a', 1]])
  keeping.publish = async () => {
    // What is done before this is known is done too early.
    await keeping.cluster.control.settled()
    throw new Error('fenced')
  }
  await expect(commit(store, 2, [['a', 2]])).rejects.toThrow('fenced')
  await store.close()
  const kept = logStore(folder)
  expect(contents(await kept.open())).toEqual([['a', 1]])
  await kept.close()
})

test('writes nothing where nothing has happened', async () => {
  const keeping = new Keeping()
  const store = keeping.store()
  await store.open()
  await commit(store, 1, [['a', 1]], 7)
  const { length } = keeping.cluster.records('changelog')
  await commit(store, 2, [], 7)
  expect(keeping.cluster.records('changelog')).toHaveLength(length)
  // To have read on is something.
  await commit(store, 3, [], 8)
  expect(keeping.published.at(-1)).toEqual([{ ...input, offset: 8 }])
  expect((await keeping.store().open())?.epoch).toBe(3)
})

test('publishes nothing before all is written', async () => {
  const keeping = new Keeping()
  let written: () => void = () => {}
  const slow = {
    ...boundTo(keeping.producer),
    send: () => new Promise<void>((resolve) => (written = resolve)),
  }
  const store = keeping.store(slow)
  await store.open()
  const committing = commit(store, 1, [['a', 1]])
  await keeping.cluster.control.settled()
  expect(keeping.published).toEqual([])
  written()
  await committing
  expect(keeping.published).toHaveLength(1)
})

test('writes nothing when others have the task', async () => {
  const keeping = new Keeping()
  const store = keeping.store()
  await store.open()
  keeping.isGone = true
  await expect(commit(store, 1, [['a', 1]])).rejects.toThrow('gone')
  expect(keeping.cluster.records('changelog')).toEqual([])
})

test('says which commit has failed', async () => {
  const keeping = new Keeping()
  const failing = { ...boundTo(keeping.producer), send: () => Promise.reject(new Error('no')) }
  const store = keeping.store(failing)
  await store.open()
  await expect(commit(store, 1, [['a', 1]])).rejects.toMatchObject({
    code: 'checkpoint',
    message: 'changelog-0: commit 1 failed: no',
  })
})

test('refuses what is no changelog', async () => {
  const keeping = new Keeping()
  keeping.cluster.produce([{ ...changelog, key: Buffer.from([0]), value: Buffer.from('x') }])
  await expect(keeping.store().open()).rejects.toMatchObject({ kind: 'corrupt' })
})

function boundTo(producer: Producer): Producer {
  return {
    open: () => producer.open(),
    send: (records) => producer.send(records),
    commit: (group) => producer.commit(group),
    abort: () => producer.abort(),
    close: () => producer.close(),
  }
}
