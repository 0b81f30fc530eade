import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { route, run, type RunOptions } from '../../lib/run.ts'
import { fromIterable } from '../iterable/index.ts'
import { partFiles, type PartFilesOptions } from './index.ts'

let root = ''
let folder = ''
let checkpoint: RunOptions

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tidemark-part-files-'))
  folder = join(root, 'a/parts')
  checkpoint = { checkpoint: { dir: join(root, 'state') } }
})

afterEach(() => {
  rmSync(root, { recursive: true })
})

/** The files of the folder and what is in them. */
function parts(): Readonly<Record<string, string>> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

async function write(
  values: readonly unknown[],
  options: PartFilesOptions<unknown> = {},
  settings: RunOptions = {},
): Promise<void> {
  await run(fromIterable(values, { chunkSize: 1 }), partFiles(folder, options), { batchSize: 1, ...settings }).done
}

test('two sinks of one folder are refused', async () => {
  const routes = [route(fromIterable([1]), partFiles(folder)), route(fromIterable([2]), partFiles(`${folder}/`))]
  expect(await failureOf(run(routes).done)).toMatchObject({
    code: 'output',
    message: `partFiles(${folder}/): expected to write to '${folder}' alone, got partFiles(${folder}) that does so too`,
  })
})

test('values are lines of JSON in a part of a folder that is made', async () => {
  await write([{ a: 1 }, 'grüß'])
  expect(parts()).toEqual({ 'part-00000001.ndjson': '{"a":1}\n"grüß"\n' })
})

test('a part that has come to its size is closed', async () => {
  await write([1, 22, 3], { maxBytes: 4, format: String, extension: '' })
  expect(parts()).toEqual({ 'part-00000001': '1\n22\n', 'part-00000002': '3\n' })
})

test('no values make no part', async () => {
  await write([], {}, checkpoint)
  expect(parts()).toEqual({})
})

test('parts have their names when a checkpoint has been taken, also those that were closed before', async () => {
  const seen: unknown[] = []
  const sink = partFiles(folder, { maxBytes: 1 })
  await sink.recover?.(undefined)
  await sink.write([1])
  await sink.write([2])
  seen.push(Object.keys(parts()))
  const receipt = await sink.prepare?.(1)
  seen.push(Object.keys(parts()))
  await sink.commit?.(1, receipt)
  seen.push(Object.keys(parts()))
  await sink.close?.()
  const [first, second] = ['part-00000001.ndjson', 'part-00000002.ndjson']
  const unnamed = [`${first}.tmp`, `${second}.tmp`]
  expect(seen).toEqual([unnamed, unnamed, [first, second]])
})

test('the next run names what its checkpoint has seen, and removes the rest', async () => {
  const sink = partFiles(folder)
  await sink.recover?.(undefined)
  await sink.write([1])
  const receipt = await sink.prepare?.(1)
  await sink.write([2])
  await sink.close?.()
  writeFileSync(join(folder, 'part-00000003.ndjson'), 'of a checkpoint that was lost')
  for (const name of ['part-00000009.csv', 'notes', 'part-3.ndjson']) writeFileSync(join(folder, name), '')
  const next = partFiles(folder)
  await next.recover?.(receipt)
  await next.commit?.(1, receipt)
  await next.write([3])
  await next.commit?.(2, await next.prepare?.(2))
  await next.close?.()
  expect(parts()).toEqual({
    notes: '',
    'part-00000001.ndjson': '1\n',
    'part-00000002.ndjson': '3\n',
    'part-00000009.csv': '',
    'part-3.ndjson': '',
  })
})

test('parts may be moved away between two runs', async () => {
  await write([1], {}, checkpoint)
  rmSync(join(folder, 'part-00000001.ndjson'))
  const sink = partFiles(folder)
  await sink.recover?.(1)
  await sink.write([2])
  await sink.commit?.(3, await sink.prepare?.(3))
  await sink.close?.()
  expect(parts()).toEqual({ 'part-00000002.ndjson': '2\n' })
})

test.each(['part-00000007.ndjson', 'part-00000007.ndjson.tmp'])(
  'a folder with %s is left as it is, with and without checkpoints',
  async (name) => {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, name), 'mine')
    for (const options of [{}, checkpoint]) {
      expect(await failureOf(write([1], {}, options))).toMatchObject({
        code: 'output',
        message: `partFiles(${folder}): expected a folder without parts, got one with '${name}' that no checkpoint of the job knows`,
      })
    }
    expect(parts()).toEqual({ [name]: 'mine' })
  },
)

test.each([
  [() => partFiles(''), "partFiles: expected the path of a folder, got ''"],
  [
    () => partFiles('a', { maxBytes: 0 }),
    'partFiles: maxBytes must be a whole number of bytes from 1 to 536870888, got 0',
  ],
  [
    () => partFiles('a', { extension: '.tmp' }),
    "partFiles: extension must be the end of a file's name other than .tmp, got '.tmp'",
  ],
  [
    () => partFiles('a', { extension: '/b' }),
    "partFiles: extension must be the end of a file's name other than .tmp, got '/b'",
  ],
])('what it can not work with is refused at once', (build, message) => {
  expect(build).toThrow(expect.objectContaining({ code: 'invalid-argument', message }))
})
