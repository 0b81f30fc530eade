import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { typescriptNode } from '../../adapters/stdio/fixtures/typescript-node.ts'
import { failureOf } from '../fixtures/failure.ts'
import { refusal } from './fixtures/refusal.ts'
import { asOrdinaryUser } from './fixtures/ordinary-user.ts'
import { after, commitOf, type Contents, expected, shown, type Write } from './fixtures/model.ts'
import { SimulatedFiles, systemError } from './fixtures/simulated-files.ts'
import { SimulatedOwners } from './fixtures/simulated-owners.ts'
import { LogFolder } from './log-folder.ts'
import { logStore } from './log-store.ts'
import type { Commit } from './state-store.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-log-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

const path = '/job/state-1.log'

/** A log with commits of several frames each, the contents after each, and where each ends. */
async function smallLog(): Promise<{ log: Uint8Array; ends: number[]; contents: Contents[] }> {
  const files = new SimulatedFiles()
  const store = storeOn(files)
  await store.open()
  const contents: Contents[] = [new Map()]
  const ends = [0]
  for (let epoch = 1; epoch <= 4; epoch++) {
    const writes: Write[] = Array.from({ length: 4 }, (_, i) => ({
      table: i < 2 ? 'a' : 'b',
      key: `${(epoch + i) % 5}`,
      value: i === 3 ? undefined : `${epoch}${'v'.repeat(20)}`,
    }))
    contents.push(after(contents[epoch - 1] ?? new Map(), writes))
    await store.commit(commitOf(epoch, writes, contents[epoch] ?? new Map()))
    ends.push(files.content(path).length)
  }
  return { log: files.content(path), ends, contents }
}

/** Frames of two cells. */
function storeOn(files: SimulatedFiles, notices: string[] = [], owners = new SimulatedOwners(), id = 'one'): LogFolder {
  return new LogFolder('/job', files, owners.owner(id), {
    growth: 100,
    leastBytes: 1_000_000,
    frameBytes: 50,
    takeOver: false,
    onDamage: (message) => notices.push(message),
  })
}

function filesWith(log: Uint8Array): SimulatedFiles {
  const files = new SimulatedFiles(
    new Map([
      ['/', 'folder' as const],
      ['/job', 'folder' as const],
    ]),
  )
  files.put(path, log)
  return files
}

test('a log cut at any byte gives the last whole commit, and goes on from there', async () => {
  const { log, ends, contents } = await smallLog()
  for (let length = ends[1] ?? 0; length <= log.length; length++) {
    const files = filesWith(log.slice(0, length))
    const notices: string[] = []
    const store = storeOn(files, notices)
    const epoch = ends.findLastIndex((end) => end <= length)
    expect(shown(await store.open())).toEqual(expected(epoch, contents[epoch] ?? new Map()))
    expect(files.content(path)).toEqual(log.slice(0, ends[epoch]))
    await store.commit(commitOf(9, [], new Map()))
    await store.close()
    expect(shown(await storeOn(files, notices).open())).toEqual(expected(9, contents[epoch] ?? new Map()))
    expect(notices).toEqual([])
  }
})

test('a log whose first commit is cut is no empty log', async () => {
  const { log, ends } = await smallLog()
  for (let length = 0; length < (ends[1] ?? 0); length++) {
    const files = filesWith(log.slice(0, length))
    expect(await refusal(storeOn(files).open())).toContain(path)
    expect(files.content(path)).toEqual(log.slice(0, length))
  }
})

test('a log with a byte changed gives the last whole commit before it, and says so unless a crash can have done it', async () => {
  const { log, ends, contents } = await smallLog()
  for (let at = ends[1] ?? 0; at < log.length; at++) {
    for (const change of [1, 0x80, 0xff]) {
      const files = filesWith(log.map((byte, i) => (i === at ? byte ^ change : byte)))
      const notices: string[] = []
      const store = storeOn(files, notices)
      const epoch = ends.findLastIndex((end) => end <= at)
      expect(shown(await store.open())).toEqual(expected(epoch, contents[epoch] ?? new Map()))
      // The last commit may have been under way. Any other was durable.
      const isDamage = epoch < 3
      expect({ at, notices: notices.length }).toEqual({ at, notices: isDamage ? 1 : 0 })
      await store.commit(commitOf(9, [], contents[epoch] ?? new Map()))
      await store.close()
      expect(files.paths.includes(`${path}.damaged`)).toBe(isDamage)
      expect(shown(await storeOn(files, notices).open())).toEqual(expected(9, contents[epoch] ?? new Map()))
      expect(notices).toHaveLength(isDamage ? 1 : 0)
    }
  }
})

test('a byte changed in the header or the first commit is an error, and nothing is touched', async () => {
  const { log, ends } = await smallLog()
  for (let at = 0; at < (ends[1] ?? 0); at++) {
    const changed = log.map((byte, i) => (i === at ? byte ^ 1 : byte))
    const files = filesWith(changed)
    expect(await failureOf(storeOn(files).open())).toMatchObject({ code: 'checkpoint' })
    expect(files.content(path)).toEqual(changed)
  }
})

test('a damage says what was lost; until the next commit the file stays as it is', async () => {
  const { log, ends } = await smallLog()
  const damaged = log.map((byte, i) => (i === (ends[1] ?? 0) + 20 ? byte ^ 1 : byte))
  const files = filesWith(damaged)
  const notices: string[] = []
  const store = storeOn(files, notices)
  await store.open()
  expect(notices).toEqual([
    `logStore: '${path}' is damaged behind byte ${ends[1]} of ${log.length}: later commits are lost, the job goes on from commit 1; the file is kept as '${path}.damaged'`,
  ])
  expect(files.content(path)).toEqual(damaged)
  await store.commit(commitOf(2, [], new Map()))
  expect(files.content(`${path}.damaged`)).toEqual(damaged)
})

test('a damage in a large log is found behind much that makes no sense', async () => {
  const files = new SimulatedFiles()
  const notices: string[] = []
  const store = new LogFolder('/job', files, new SimulatedOwners().owner('one'), {
    growth: 100,
    leastBytes: 1e9,
    frameBytes: 256 * 1024,
    takeOver: false,
    onDamage: (message) => notices.push(message),
  })
  await store.open()
  const value = 'x'.repeat(3_000_000)
  for (let epoch = 1; epoch <= 4; epoch++) await store.commit(commitOf(epoch, [], new Map()))
  const from = files.content(path).length
  await store.commit({ ...commitOf(5, [], new Map()), changes: (write) => write('a', 'k', value) })
  await store.commit(commitOf(6, [], new Map()))
  await store.commit(commitOf(7, [], new Map()))
  const log = files.content(path)
  log[from + 5] = 0xff
  expect(await storeOn(filesWith(log), notices).open()).toMatchObject({ epoch: 4 })
  expect(notices).toHaveLength(1)
})

test.each([1, 2, 3])(
  'a frame is found that lies %i bytes before the end of what is looked at at once',
  async (before) => {
    const files = new SimulatedFiles()
    const notices: string[] = []
    const store = new LogFolder('/job', files, new SimulatedOwners().owner('one'), {
      growth: 100,
      leastBytes: 1e9,
      frameBytes: 4 << 20,
      takeOver: false,
      onDamage: (message) => notices.push(message),
    })
    await store.open()
    await store.commit(commitOf(1, [], new Map()))
    const from = files.content(path).length
    const changesOf = (length: number): Commit => ({
      ...commitOf(2, [], new Map()),
      changes: (write) => write('a', 'k', 'x'.repeat(length)),
    })
    // Without the value, its commit takes 57 bytes.
    await store.commit(changesOf((1 << 20) - before - 57))
    const second = files.content(path).length
    expect(second - from).toBe((1 << 20) - before)
    await store.commit(commitOf(3, [], new Map()))
    const log = files.content(path)
    log.fill(0x78, from, second)
    expect(await storeOn(filesWith(log), notices).open()).toMatchObject({ epoch: 1 })
    expect(notices).toHaveLength(1)
  },
)

test('recovered cells are handed out once, and not kept', async () => {
  const { log } = await smallLog()
  const recovered = await storeOn(filesWith(log)).open()
  expect([...(recovered?.cells('a') ?? [])]).not.toEqual([])
  expect([...(recovered?.cells('a') ?? [])]).toEqual([])
})

test('what a commit that failed has left is taken away before the next, if it could not be at once', async () => {
  const files = new SimulatedFiles()
  const owners = new SimulatedOwners()
  const store = storeOn(files, [], owners)
  await store.open()
  const failOn = (...operations: string[]): void => {
    files.before = ({ operation }) => {
      if (operations.includes(operation)) throw systemError('EIO')
    }
  }
  failOn('rename', 'remove')
  expect(await refusal(store.commit(commitOf(1, [], new Map())))).toContain('EIO')
  failOn('remove')
  expect(await refusal(store.commit(commitOf(1, [], new Map())))).toContain('EIO')
  failOn()
  await store.commit(commitOf(1, [], new Map()))
  expect(files.paths.filter((name) => name.includes('state'))).toEqual([path])
  const end = files.content(path).length
  failOn('sync', 'truncate')
  expect(await refusal(store.commit(commitOf(2, [], new Map())))).toContain('EIO')
  expect(files.content(path).length).toBeGreaterThan(end)
  failOn('write')
  expect(await refusal(store.commit(commitOf(2, [], new Map())))).toContain('EIO')
  expect(files.content(path)).toHaveLength(end)
  failOn()
  await store.commit(commitOf(2, [], new Map()))
  owners.gone.add('one')
  expect(
    shown(
      await storeOn(
        files.restarted(() => 0),
        [],
        owners,
        'two',
      ).open(),
    ),
  ).toEqual(expected(2, new Map()))
})

test('damage is a warning of the process unless something else is asked for', async () => {
  const { log, ends } = await smallLog()
  writeFileSync(
    join(folder, 'state-1.log'),
    log.map((byte, i) => (i === (ends[1] ?? 0) ? 0 : byte)),
  )
  const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
  const store = logStore(folder)
  await store.open()
  await store.close()
  expect((await warned).message).toContain('is damaged behind byte')
})

test('a log that grows is written anew, with what is live', async () => {
  const store = logStore(folder, { growth: 3, leastBytes: 2_000 })
  await store.open()
  const value = 'v'.repeat(100)
  let contents: Contents = new Map()
  const seen = new Set<string>()
  for (let epoch = 1; epoch <= 200; epoch++) {
    const writes = [{ table: 'a', key: `${epoch % 10}`, value }]
    contents = after(contents, writes)
    await store.commit(commitOf(epoch, writes, contents))
    const logs = readdirSync(folder).filter((name) => name !== 'lock')
    expect(logs).toHaveLength(1)
    for (const name of logs) seen.add(name)
  }
  // 200 commits of 160 bytes, written anew at some 3,300 bytes, of which 1,200 stay.
  expect(seen.size).toBeGreaterThan(8)
  expect(seen.size).toBeLessThan(25)
  await store.close()
  expect(readdirSync(folder)).toHaveLength(1)
})

test.each<[string, string, string, string]>([
  ['other files', 'notes.txt', 'x', "an empty folder or the log of a job, got a folder with 'notes.txt' in it"],
  ['another database', 'data.mdb', 'x', "got a folder with 'data.mdb' in it"],
  ['a file of the same name', 'state-1.log', 'not a log of ours', 'expected the log of a job, got something else in'],
  ['an empty file', 'state-1.log', '', 'expected the log of a job, got something else in'],
  ['a newer log', 'state-1.log', 'tidemark\u{2}\0\0\0', 'expected a log of version 1, got one of version 2 in'],
])('%s: a clear error, and nothing is touched', async (_, name, content, message) => {
  writeFileSync(join(folder, name), content)
  expect(await refusal(logStore(folder).open())).toContain(message)
  expect(readdirSync(folder)).toEqual([name])
})

test('a folder that is a file', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  expect(await refusal(logStore(file).open())).toMatch(/^logStore: can't open '.*file': (EEXIST|ENOTDIR)/)
})

test('a folder that is not writable', async () => {
  const closed = join(folder, 'closed')
  mkdirSync(closed)
  chmodSync(folder, 0o755)
  chmodSync(closed, 0o555)
  await asOrdinaryUser(async () => {
    expect(await refusal(logStore(closed).open())).toMatch(/^logStore: can't open '.*closed': EACCES/)
  })
})

test('a folder that another process has; that of a process that was killed is free, and has its commits', async () => {
  const script = fileURLToPath(new URL('fixtures/hold-folder.ts', import.meta.url))
  const child = spawn(typescriptNode, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  expect(await refusal(logStore(folder).open())).toMatch(new RegExp(`which process ${child.pid} on .* has open`))
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
  const store = logStore(folder)
  expect(await store.open()).toMatchObject({ epoch: 5 })
  await store.close()
})

test.each<[string, () => unknown, string]>([
  ['no folder', () => logStore(''), "logStore: folder must be a path, got ''"],
  ['a growth of 1', () => logStore('a', { growth: 1 }), 'logStore: growth must be > 1, got 1'],
  ['no growth', () => logStore('a', { growth: Number.NaN }), 'logStore: growth must be > 1, got NaN'],
  ['a negative size', () => logStore('a', { leastBytes: -1 }), 'logStore: leastBytes must be >= 0, got -1'],
])('%s is refused', (_, make, message) => {
  expect(make).toThrow(expect.objectContaining({ code: 'invalid-argument', message }))
})
