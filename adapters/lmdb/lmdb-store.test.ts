import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { open as openDatabase } from 'lmdb'
import { afterAll, expect, test, vi } from 'vitest'
import { refusal } from '../../lib/state/fixtures/refusal.ts'
import { after, commitOf, expected, shown, type Write } from '../../lib/state/fixtures/model.ts'
import { storeLaws } from '../../lib/state/fixtures/store-laws.ts'
import { takeOverLaw } from '../../lib/state/fixtures/take-over-law.ts'
import { logStore } from '../../lib/state/log-store.ts'
import type { Commit } from '../../lib/state/state-store.ts'
import { typescriptNode } from '../stdio/fixtures/typescript-node.ts'
import { lmdbStore } from './index.ts'

const root = mkdtempSync(join(tmpdir(), 'tidemark-lmdb-'))
let folders = 0
afterAll(() => rmSync(root, { recursive: true }))

/** With a dot, which lmdb would take for a file. */
const newFolder = (): string => join(root, `job.${folders++}`)

storeLaws('lmdb', newFolder, lmdbStore)
takeOverLaw('lmdb', newFolder, lmdbStore)

test('cells can be read one by one, as they were committed last', async () => {
  const store = lmdbStore(newFolder())
  await store.open()
  const writes: Write[] = [
    { table: 'a', key: 'k', value: 'one' },
    { table: 'b', key: 'k', value: 'two' },
    { table: 'b', key: '', value: '' },
  ]
  await store.commit(commitOf(1, writes, after(new Map(), writes)))
  const read = (table: string, key: string): unknown =>
    (store.reader?.get(table, key) as { text: string } | undefined)?.text
  const one = store.reader?.get('a', 'k')
  expect([read('a', 'k'), read('b', 'k'), read('b', ''), read('a', ''), read('c', 'k')]).toEqual([
    'one',
    'two',
    '',
    undefined,
    undefined,
  ])
  await store.commit(commitOf(2, [{ table: 'a', key: 'k', value: undefined }], new Map()))
  expect(read('a', 'k')).toBeUndefined()
  // It is the caller's to keep.
  expect(one).toEqual({ text: 'one' })
  await store.close()
})

test('a large commit, of values of all sizes, comes back whole', async () => {
  const folder = newFolder()
  const store = lmdbStore(folder)
  await store.open()
  const writes = Array.from({ length: 3_000 }, (_, i) => ({
    table: 't',
    key: `${(i * 7919) % 3_000}`,
    value: `${i}`.repeat(i % 500),
  }))
  const contents = after(new Map(), writes)
  await store.commit(commitOf(1, writes, contents))
  await store.close()
  expect(shown(await store.open())).toEqual(expected(1, contents))
  await store.close()
})

test('a commit whose cells fail half-way leaves nothing', async () => {
  const folder = newFolder()
  const store = lmdbStore(folder)
  await store.open()
  await store.commit(commitOf(1, [], new Map()))
  const failing: Commit['changes'] = (write) => {
    write('a', 'k', 'v')
    throw new Error('half-way')
  }
  const commit = store.commit({ ...commitOf(2, [], new Map()), changes: failing })
  expect(await refusal(commit)).toContain('half-way')
  await store.close()
  expect(shown(await store.open())).toEqual(expected(1, new Map()))
  await store.close()
})

test.each<[string, Write, string]>([
  [
    'a key that is too long',
    { table: 'ab', key: 'k'.repeat(1972), value: '' },
    "at most 1975 bytes in the table 'ab', got one of 1976",
  ],
  ['a table without a name', { table: '', key: 'k', value: '' }, "expected a table with a name without \\0, got ''"],
  ['a zero in the name of a table', { table: 'a\0', key: 'k', value: '' }, 'expected a table with a name without \\0'],
])('%s is refused', async (_, write, message) => {
  const store = lmdbStore(newFolder())
  await store.open()
  expect(await refusal(store.commit(commitOf(1, [write], new Map())))).toContain(message)
  const longest = { table: 'ab', key: 'k'.repeat(1971), value: 'v' }
  await store.commit(commitOf(1, [longest], new Map()))
  expect(store.reader?.get('ab', longest.key)).toEqual({ text: 'v' })
  await store.close()
})

test('the folder of a log, and a log in the folder of a database', async () => {
  const folder = newFolder()
  const log = logStore(folder)
  await log.open()
  await log.commit(commitOf(1, [], new Map()))
  await log.close()
  expect(await refusal(lmdbStore(folder).open())).toContain("got a folder with 'state-1.log' in it")
  const other = newFolder()
  const store = lmdbStore(other)
  await store.open()
  await store.close()
  expect(await refusal(logStore(other).open())).toContain('data.mdb')
})

test('a database of another program', async () => {
  const folder = newFolder()
  const database = openDatabase({ path: folder, noSubdir: false })
  await database.put('a', 1)
  await database.close()
  expect(await refusal(lmdbStore(folder).open())).toBe(
    `lmdbStore: expected the state of a job, got another database in '${folder}'`,
  )
})

test('state of a newer version', async () => {
  const folder = newFolder()
  const database = openDatabase({ path: folder, noSubdir: false, encoding: 'binary', keyEncoding: 'binary' })
  await database.put(Buffer.from([0]), Buffer.from('tidemark\u{2}\0\0\0........', 'latin1'))
  await database.close()
  expect(await refusal(lmdbStore(folder).open())).toBe(
    `lmdbStore: expected state of version 1, got version 2 in '${folder}'`,
  )
})

test('a file that is no database', async () => {
  const folder = mkdtempSync(join(root, 'job'))
  writeFileSync(join(folder, 'data.mdb'), 'x'.repeat(10_000))
  expect(await refusal(lmdbStore(folder).open())).toBe(
    `lmdbStore: expected a database at '${folder}/data.mdb', got something else`,
  )
})

test('a folder that another process has; one that was killed leaves the commits that were done', async () => {
  const folder = newFolder()
  const script = fileURLToPath(new URL('fixtures/hold-folder.ts', import.meta.url))
  const child = spawn(typescriptNode, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  expect(await refusal(lmdbStore(folder).open())).toMatch(new RegExp(`which process ${child.pid} on .* has open`))
  const gone = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
  const store = lmdbStore(folder)
  expect(await store.open()).toMatchObject({ epoch: 5 })
  await store.close()
})

test('without the package the error says what to install', async () => {
  vi.doMock('lmdb', () => {
    throw new Error('not found')
  })
  expect(await refusal(lmdbStore(newFolder()).open())).toContain('npm install lmdb@3.5')
  vi.doUnmock('lmdb')
})

test('no folder is refused', () => {
  expect(() => lmdbStore('')).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message: "lmdbStore: folder must be a path, got ''" }),
  )
})
