import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { constants, gunzipSync, gzipSync } from 'node:zlib'
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { TidemarkError } from '../../lib/errors.ts'
import { route, run } from '../../lib/run.ts'
import { openDescriptors } from '../../lib/fixtures/open-descriptors.ts'
import { sideOutput } from '../../lib/wiring/side-output.ts'
import { typescriptNode } from '../stdio/fixtures/typescript-node.ts'
import { lines, type LinesOptions } from './lines.ts'
import type { DeadLetter } from './index.ts'

let folder = ''
const at = (name: string): string => join(folder, name)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-lines-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** Writes a file of the test and returns its path. */
function file(name: string, content: string | Buffer): string {
  writeFileSync(at(name), content)
  return at(name)
}

/** Each line as `source:number@offset text`, and the error at the end, if any. */
async function read(
  paths: string | readonly string[],
  options?: LinesOptions,
): Promise<{ seen: string[]; error: unknown }> {
  const seen: string[] = []
  const error = await new Promise<unknown>((resolve) => {
    lines(paths, options).subscribe({
      next: ({ source, number, offset, text }) =>
        seen.push(`${source.replace(`${folder}/`, '')}:${number}@${offset} ${text}`),
      error: resolve,
      complete: () => resolve(undefined),
    })
  })
  return { seen, error }
}

/** What `read` gives for a text in a file, but for a last line without an ending. */
function wholeLines(name: string, text: string): string[] {
  let offset = 0
  return text
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      const seen = `${name}:${index + 1}@${offset} ${line}`
      offset += line.length + 1
      return seen
    })
}

async function texts(paths: string | readonly string[], options?: LinesOptions): Promise<string[]> {
  const all = await lastValueFrom(lines(paths, options).pipe(toArray()))
  return all.map((line) => line.text)
}

/** Numbered lines of about 200 bytes that don't compress to nothing. */
function logOf(count: number): string {
  let state = 1
  let text = ''
  for (let number = 1; number <= count; number++) {
    let line = `${number}`
    while (line.length < 200) line += ` ${(state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0)}`
    text += `${line}\n`
  }
  return text
}

test('files are read one after the other, each from line 1 on and without running into the next', async () => {
  const paths = [file('b.log', 'b1\nb2'), file('a.log', '\u{feff}a1\r\n'), file('empty.log', ''), file('c.log', 'c1\n')]
  expect(await read(paths)).toEqual({
    seen: ['b.log:1@0 b1', 'b.log:2@3 b2', 'a.log:1@3 a1', 'c.log:1@0 c1'],
    error: undefined,
  })
})

test.each([1, 2, 3, 7, 64, 199, 700, 4096])('the size of a chunk makes no difference: %i bytes', async (chunkBytes) => {
  const text = logOf(12)
  const plain = file('a.log', text)
  const zipped = file('z.log', gzipSync(text))
  expect(await read(plain, { chunkBytes })).toEqual({ seen: wholeLines('a.log', text), error: undefined })
  expect(await read(zipped, { chunkBytes })).toEqual({ seen: wholeLines('z.log', text), error: undefined })
  // Lines that are kept stay what they are.
  expect(await texts([plain, zipped], { chunkBytes })).toEqual(`${text}${text}`.trimEnd().split('\n'))
})

test('each subscription reads anew', async () => {
  const twice = lines(file('a.log', 'a\nb'))
  expect(await lastValueFrom(twice.pipe(toArray()))).toHaveLength(2)
  expect(await lastValueFrom(twice.pipe(toArray()))).toHaveLength(2)
})

test('a line that is too long is skipped, counted and handed out', async () => {
  const path = file('a.log', 'abc\nabcde\nab')
  const refused = sideOutput<DeadLetter>('too long')
  const out: unknown[] = []
  const { sources } = await run([
    route(lines(path, { maxLineBytes: 4, refused }), (line) => void out.push(line.text)),
    route(refused, (line) => void out.push(line)),
  ]).done
  expect(out).toHaveLength(3)
  expect(out).toEqual(
    expect.arrayContaining([
      'abc',
      'ab',
      { source: path, number: 2, offset: 4, byteLength: 5, reason: 'longer than 4 bytes' },
    ]),
  )
  expect(sources).toMatchObject([{ name: `lines(${path})`, read: 2, refused: 1 }])
})

test('a glob stands for its files by name, without folders and hidden files', async () => {
  for (const name of ['b.log', 'a.log', 'c.txt', '.hidden.log', 'd(1).log']) file(name, `${name}\n`)
  mkdirSync(at('x.log'))
  file('x.log/e.log', 'e.log\n')
  expect(await texts(at('*.log'))).toEqual(['a.log', 'b.log', 'd(1).log'])
  expect(await texts(at('**/*.log'))).toEqual(['a.log', 'b.log', 'd(1).log', 'e.log'])
  expect(await texts([at('{b,c}.*'), at('?.log')])).toEqual(['b.log', 'c.txt', 'a.log', 'b.log'])
  expect(await texts(at('d(1)*'))).toEqual(['d(1).log'])
  expect(await texts([at('[!b].log'), at('[!a].log')])).toEqual(['a.log', 'b.log'])
})

test('the source of a line that a relative glob led to is a relative path', async () => {
  mkdirSync(at('logs'))
  file('logs/a.log', 'a\n')
  const before = process.cwd()
  process.chdir(folder)
  try {
    expect((await firstValueFrom(lines('./logs/*.log'))).source).toBe('logs/a.log')
    file('!a.log', 'b\n')
    expect((await firstValueFrom(lines('!a.*'))).source).toBe('!a.log')
  } finally {
    process.chdir(before)
  }
})

test('a path that exists is that file, whatever characters are in it', async () => {
  file('a.log', 'not this\n')
  expect(await texts(file('[a].log', 'this\n'))).toEqual(['this'])
  expect(await texts(file('{a,b}*?.log', 'that\n'))).toEqual(['that'])
})

test.each([
  [
    'nope.log',
    "lines: expected a file at 'FOLDER/nope.log', got ENOENT: no such file or directory, stat 'FOLDER/nope.log'",
  ],
  ['a.log/b', "lines: expected a file at 'FOLDER/a.log/b', got ENOTDIR: not a directory, stat 'FOLDER/a.log/b'"],
  ['*.nope', "lines: expected files that match 'FOLDER/*.nope', got none"],
  ['logs', "lines: expected a file at 'FOLDER/logs', got a directory; its files are 'FOLDER/logs/*'"],
])('%s is an input error before any line is read', async (path, message) => {
  mkdirSync(at('logs'))
  const { seen, error } = await read([file('a.log', 'a\n'), at(path)])
  expect(seen).toEqual([])
  expect(error).toBeInstanceOf(TidemarkError)
  expect(error).toMatchObject({ code: 'input', message: message.replaceAll('FOLDER', folder) })
})

test.each([
  [() => lines([]), 'lines: expected at least one path, got none'],
  [
    () => lines('a', { maxLineBytes: 0 }),
    'lines: maxLineBytes must be a whole number of bytes from 1 to 536870888, got 0',
  ],
  [
    () => lines('a', { chunkBytes: 0.5 }),
    'lines: chunkBytes must be a whole number of bytes from 1 to 536870888, got 0.5',
  ],
])('what it can not work with is refused at once', (build, message) => {
  expect(build).toThrow(expect.objectContaining({ code: 'invalid-argument', message }))
})

test('gzip is known by its content, not by its name', async () => {
  expect(await texts(file('plain.gz', 'a\nb'))).toEqual(['a', 'b'])
  expect(await texts(file('zipped.log', gzipSync('a\nb')))).toEqual(['a', 'b'])
  expect(await texts(file('byte.log', Buffer.from([0x1f])))).toEqual(['\u{1f}'])
})

test.each([1, 5, 262_144])('all members of a gzip file are read, in chunks of %i bytes', async (chunkBytes) => {
  const members = ['a1\na', '2\na3', '', '\n'].map((text) => gzipSync(text))
  const path = file('all.gz', Buffer.concat([...members, Buffer.alloc(700)]))
  expect(await read(path, { chunkBytes })).toEqual({
    seen: ['all.gz:1@0 a1', 'all.gz:2@3 a2', 'all.gz:3@6 a3'],
    error: undefined,
  })
})

test('a gzip file cut off anywhere gives its whole lines, and then the error', async () => {
  const zipped = gzipSync(logOf(3))
  for (let length = 2; length < zipped.length; length++) {
    const path = file('cut.gz', zipped.subarray(0, length))
    const there =
      length < 10 ? '' : gunzipSync(zipped.subarray(0, length), { finishFlush: constants.Z_SYNC_FLUSH }).toString()
    const expected = wholeLines('cut.gz', there)
    const { seen, error } = await read(path)
    expect(seen).toEqual(expected)
    expect(error).toMatchObject({
      code: 'input',
      message: `lines: expected to read on in '${path}' behind line ${expected.length} (byte ${there.length}), got gzip: unexpected end of file`,
    })
  }
})

test.each([
  [
    'a block of no known type',
    (sound: string) => [gzipSync(sound, { finishFlush: constants.Z_SYNC_FLUSH }), Buffer.alloc(9, 7)],
  ],
  ['a wrong checksum', (sound: string) => [gzipSync(sound).subarray(0, -8), Buffer.alloc(8)]],
  ['something else behind it', (sound: string) => [gzipSync(sound), Buffer.from('something else')]],
])('a damaged gzip file, %s: every line before the damage is given', async (_, damaged) => {
  for (const count of [2, 2000]) {
    const text = logOf(count)
    const path = file('bad.gz', Buffer.concat(damaged(text)))
    for (const chunkBytes of [10_000, 262_144]) {
      const { seen, error } = await read(path, { chunkBytes })
      expect(seen).toEqual(wholeLines('bad.gz', text))
      expect(error).toMatchObject({ code: 'input', cause: { cause: { code: 'Z_DATA_ERROR' } } })
      expect(error).toHaveProperty(
        'message',
        expect.stringContaining(`behind line ${count} (byte ${text.length}), got gzip: `),
      )
    }
  }
})

test.each(['plain', 'gzip'])('the descriptor of a %s file is closed, at the end and before', async (kind) => {
  const text = logOf(3000)
  const path = file('a.log', kind === 'gzip' ? gzipSync(text) : text)
  await texts(path)
  const before = openDescriptors()
  for (let i = 0; i < 20; i++) {
    await texts(path, { chunkBytes: 65_536 })
    await firstValueFrom(lines(path, { chunkBytes: 1024 }))
  }
  await expect.poll(openDescriptors).toBe(before)
})

test('closing ends a line that never does', async () => {
  const before = openDescriptors()
  const subscription = lines(['/dev/zero', '/dev/zero']).subscribe()
  await expect.poll(openDescriptors).toBe(before + 1)
  subscription.unsubscribe()
  await expect.poll(openDescriptors).toBe(before)
})

test('a named pipe is read as it is written, and closing does not wait for its writer', async () => {
  spawnSync('sh', ['-c', `mkfifo '${at('pipe')}'`])
  const seen: string[] = []
  let error: unknown
  const subscription = lines([at('pipe')]).subscribe({
    next: (line) => seen.push(line.text),
    error: (thrown: unknown) => (error = thrown),
  })
  const writer = await open(at('pipe'), 'w')
  await writer.write('one\ntw')
  await expect.poll(() => seen).toEqual(['one'])
  const before = openDescriptors()
  await writer.write('o\nthr')
  await expect.poll(() => seen).toEqual(['one', 'two'])
  subscription.unsubscribe()
  await expect.poll(openDescriptors).toBeLessThan(before)
  await writer.close()
  expect(error).toBeUndefined()
})

test('- is standard input, wherever it stands, and is at its end when it has been read', async () => {
  const program = fileURLToPath(new URL('fixtures/lines-of.ts', import.meta.url))
  const paths = [file('a.log', 'a1\na2'), '-', file('b.log', 'b1\n'), '-']
  const { stdout } = spawnSync(typescriptNode, [program, ...paths], { input: 's1\ns2', encoding: 'utf8' })
  expect(stdout.replaceAll(`${folder}/`, '')).toBe('a.log:1 a1\na.log:2 a2\nstdin:1 s1\nstdin:2 s2\nb.log:1 b1\n')
})

test('a device is read like a file', async () => {
  expect(await texts('/dev/null')).toEqual([])
})
