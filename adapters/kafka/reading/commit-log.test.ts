import { expect, test } from 'vitest'
import { VirtualClock } from '../../../lib/clock.ts'
import { turns } from '../../../lib/fixtures/turns.ts'
import type { PartitionOffset } from '../driver.ts'
import { CommitLog } from './commit-log.ts'

const first = { topic: 'in', partition: 0 }
const second = { topic: 'in', partition: 1 }

class Group {
  readonly clock = new VirtualClock()
  readonly committed: string[] = []
  readonly log: CommitLog
  fails = false

  constructor() {
    this.log = new CommitLog((offsets) => this.#commit(offsets), this.clock, 1_000)
  }

  async #commit(offsets: readonly PartitionOffset[]): Promise<void> {
    if (this.fails) throw new Error('no')
    this.committed.push(offsets.map(({ partition, offset }) => `${partition}:${offset}`).join(' '))
  }

  async pass(): Promise<void> {
    this.clock.advanceTo(this.clock.now() + 1_000)
    await turns(3)
  }
}

test('commits the latest of each partition, once a while, and only what is new', async () => {
  const group = new Group()
  group.log.note(first, 1)
  group.log.note(second, 5)
  group.log.note(first, 2)
  expect(group.committed).toEqual([])
  await group.pass()
  await group.pass()
  expect(group.committed).toEqual(['0:2 1:5'])
  group.log.note(first, 3)
  await group.pass()
  expect(group.committed).toEqual(['0:2 1:5', '0:3'])
})

test('commits what it has when it is asked to, and nothing of what was forgotten', async () => {
  const group = new Group()
  group.log.note(first, 1)
  group.log.note(second, 5)
  group.log.forget([second])
  await group.log.flush()
  expect(group.committed).toEqual(['0:1'])
  await group.log.flush()
  expect(group.committed).toEqual(['0:1'])
})

test('commits again what could not be, unless there is something newer', async () => {
  const group = new Group()
  group.log.note(first, 1)
  group.log.note(second, 5)
  group.fails = true
  await expect(group.log.flush()).rejects.toThrow('no')
  group.fails = false
  group.log.note(first, 2)
  await group.log.flush()
  expect(group.committed).toEqual(['0:2 1:5'])
})

test('commits nothing by itself after it was closed', async () => {
  const group = new Group()
  group.log.note(first, 1)
  group.log.close()
  await group.pass()
  expect(group.committed).toEqual([])
})
