// Laws of a log
//
// The laws of every store (fixtures/store-laws.ts), on a real folder and on simulated files, and:
//
// 1. A crash before or after any step, whatever of what was not durable is lost: the last commit that was done is there, or the
//    one that was under way, whole; and the log goes on from there.
// 2. The same of a crash while it recovers.
// 3. An error at any step makes a commit fail and leaves the one before; the next commit succeeds when the cause is gone.
// 4. A disk that is full after any number of bytes: the same.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { messageOf } from '../errors.ts'
import { after, commitOf, commits, type Contents, expected, shown, type Write } from './fixtures/model.ts'
import { Crash, type Choose, SimulatedFiles, systemError } from './fixtures/simulated-files.ts'
import { SimulatedOwners } from './fixtures/simulated-owners.ts'
import { storeLaws } from './fixtures/store-laws.ts'
import { takeOverLaw } from './fixtures/take-over-law.ts'
import { LogFolder } from './log-folder.ts'
import { logStore } from './log-store.ts'

const root = mkdtempSync(join(tmpdir(), 'tidemark-log-'))
let folders = 0
afterAll(() => rmSync(root, { recursive: true }))

const newFolder = (): string => join(root, 'deep', `${folders++}`)
const small = { leastBytes: 2_000, growth: 1.5 }
storeLaws('a log on disk', newFolder, (folder) => logStore(folder, small))
takeOverLaw('a log on disk', newFolder, (folder, options) => logStore(folder, { ...small, ...options }))

const simulated = new Map<string, SimulatedFiles>()
storeLaws(
  'a simulated log',
  () => {
    const folder = `/jobs/${folders++}`
    simulated.set(folder, new SimulatedFiles())
    return folder
  },
  (folder) => storeOn(simulated.get(folder) ?? new SimulatedFiles(), folder),
)

/** Small frames, and often written anew, so that there are many steps. Fails if a damage is seen, where there was none. */
function storeOn(
  files: SimulatedFiles,
  folder = '/job',
  owners = new SimulatedOwners(),
  id = 'this process',
): LogFolder {
  return new LogFolder(folder, files, owners.owner(id), {
    growth: 2,
    leastBytes: 1_000,
    frameBytes: 400,
    takeOver: false,
    onDamage: (message) => {
      throw new Error(message)
    },
  })
}

/** Commits one after the other; what has been done when it fails is told. */
async function play(store: LogFolder, all: readonly Write[][], from: Done, done: (now: Done) => void): Promise<void> {
  let { contents, epoch } = from
  for (const writes of all) {
    contents = after(contents, writes)
    epoch += 1
    await store.commit(commitOf(epoch, writes, contents))
    done({ contents, epoch })
  }
}

interface Done {
  readonly epoch: number
  readonly contents: Contents
}

const nothing: Done = { epoch: 0, contents: new Map() }

function chooser(choices: readonly number[]): Choose {
  let next = 0
  return (count) => (choices[next++ % choices.length] ?? 0) % count
}

/** Crashes at a step; false if it never came to it. */
function crashAt(files: SimulatedFiles, step: number, isAfter: boolean): void {
  const hook = ({ number }: { readonly number: number }): void => {
    if (number === step) throw new Crash(`at step ${step}`)
  }
  if (isAfter) files.after = hook
  else files.before = hook
}

const choices = fc.array(fc.nat(), { minLength: 1, maxLength: 30 })

test('1, 2: whatever step a crash is at, a whole commit is there: the last, or the one under way', async () => {
  let crashes = 0
  await fc.assert(
    fc.asyncProperty(commits, choices, fc.boolean(), fc.nat({ max: 12 }), async (all, chosen, isAfter, second) => {
      const choose = chooser(chosen)
      for (let step = 0; ; step++) {
        const owners = new SimulatedOwners()
        const files = new SimulatedFiles()
        crashAt(files, step, isAfter)
        let last = nothing
        const store = storeOn(files, '/job', owners, 'first')
        const hasCrashed = await isCrashed(async () => {
          await store.open()
          await play(store, all, nothing, (now) => (last = now))
          await store.close()
        })
        if (!hasCrashed) return
        crashes += 1
        owners.gone.add('first')
        const underWay: Done = {
          epoch: last.epoch + 1,
          contents: after(last.contents, all[last.epoch] ?? []),
        }

        // The machine stops again while the log recovers.
        let disk = files.restarted(choose)
        crashAt(disk, second, isAfter)
        if (await isCrashed(async () => void (await storeOn(disk, '/job', owners, 'second').open()))) {
          owners.gone.add('second')
          disk = disk.restarted(choose)
        } else {
          disk = disk.restarted(choose)
          owners.gone.add('second')
        }

        const recoveredStore = storeOn(disk, '/job', owners, 'third')
        const found = await recoveredStore.open()
        const now = found?.epoch === underWay.epoch ? underWay : last
        expect(shown(found)).toEqual(expected(now.epoch, now.contents))
        // It goes on from there, and another crash loses nothing of that.
        await play(recoveredStore, all.slice(now.epoch), now, (done) => (last = done))
        owners.gone.add('third')
        const end = await storeOn(disk.restarted(choose), '/job', owners, 'fourth').open()
        const finished = last.epoch > now.epoch ? last : now
        expect(shown(end)).toEqual(expected(finished.epoch, finished.contents))
      }
    }),
    { numRuns: 25 },
  )
  expect(crashes).toBeGreaterThan(500)
})

async function isCrashed(work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return false
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Crash ? error.cause : error
    if (cause instanceof Crash) return true
    throw error
  }
}

test('3: an error at any step leaves the commit before, and the next one succeeds', async () => {
  await fc.assert(
    fc.asyncProperty(commits, choices, fc.boolean(), async (all, chosen, isAfter) => {
      const choose = chooser(chosen)
      for (let step = 0; ; step++) {
        const files = new SimulatedFiles()
        const owners = new SimulatedOwners()
        const store = storeOn(files, '/job', owners, 'first')
        await store.open()
        const start = files.steps
        const hook = ({ number }: { readonly number: number }): void => {
          if (number === start + step) throw systemError('EIO')
        }
        if (isAfter) files.after = hook
        else files.before = hook
        let last = nothing
        let failure: unknown
        try {
          await play(store, all, nothing, (now) => (last = now))
        } catch (error) {
          failure = error
        }
        if (files.steps <= start + step) return
        const rest = all.slice(last.epoch).flat()
        if (failure !== undefined) {
          expect(messageOf(failure)).toMatch(/^logStore: commit .* failed, the one before is intact: EIO/)
          // Nothing of the commit that failed is left, however the machine stops.
          owners.gone.add('first')
          const found = await storeOn(files.restarted(choose), '/job', owners, 'second').open()
          expect(shown(found)).toEqual(expected(last.epoch, last.contents))
        } else {
          const contents = after(last.contents, rest)
          await store.commit(commitOf(last.epoch + 1, rest, contents))
        }
      }
    }),
    { numRuns: 15 },
  )
})

test('4: a full disk leaves the commit before, and the next one succeeds when there is room', async () => {
  await fc.assert(
    fc.asyncProperty(commits, choices, fc.nat({ max: 4_000 }), async (all, chosen, capacity) => {
      const files = new SimulatedFiles()
      const owners = new SimulatedOwners()
      const store = storeOn(files, '/job', owners, 'first')
      await store.open()
      files.capacity = capacity
      let last = nothing
      let failure: unknown
      try {
        await play(store, all, nothing, (now) => (last = now))
      } catch (error) {
        failure = error
        expect(messageOf(failure)).toMatch(/^logStore: commit .* failed, the one before is intact: ENOSPC/)
      }
      files.capacity = Infinity
      const rest = all.slice(last.epoch).flat()
      const contents = after(last.contents, rest)
      await store.commit(commitOf(last.epoch + 1, rest, contents))
      owners.gone.add('first')
      const found = await storeOn(files.restarted(chooser(chosen)), '/job', owners, 'second').open()
      expect(shown(found)).toEqual(expected(last.epoch + 1, contents))
    }),
    { numRuns: 300 },
  )
})
