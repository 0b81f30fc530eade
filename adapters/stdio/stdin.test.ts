import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { PassThrough, Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { firstValueFrom, lastValueFrom, map, toArray } from 'rxjs'
import { expect, test } from 'vitest'
import { route, run } from '../../lib/run.ts'
import { sideOutput } from '../../lib/wiring/side-output.ts'
import { typescriptNode } from './fixtures/typescript-node.ts'
import type { DeadLetter } from './index.ts'
import { stdin } from './stdin.ts'

const firstLines = fileURLToPath(new URL('fixtures/first-lines.ts', import.meta.url))

/** The program that prints the lines of its standard input, and what it has printed. */
function start(count: number): { child: ChildProcessWithoutNullStreams; printed: () => string } {
  const child = spawn(typescriptNode, [firstLines, String(count)])
  let printed = ''
  child.stdout.on('data', (data: Buffer) => (printed += data.toString()))
  return { child, printed: () => printed }
}

async function texts(readable: Readable): Promise<string[]> {
  return lastValueFrom(
    stdin({ readable }).pipe(
      map((line) => line.text),
      toArray(),
    ),
  )
}

function listeners(readable: Readable): number {
  return readable.eventNames().reduce((sum, name) => sum + readable.listenerCount(name), 0)
}

test('a child that writes half a line, waits, and writes the rest', async () => {
  const child = spawn('sh', ['-c', String.raw`printf 'one\ntw'; read go; printf 'o\nthr'; read go; printf 'ee'`])
  const seen: string[] = []
  let isOver = false
  stdin({ readable: child.stdout }).subscribe({
    next: ({ number, offset, text }) => seen.push(`${number}@${offset} ${text}`),
    complete: () => (isOver = true),
  })
  await expect.poll(() => seen).toEqual(['1@0 one'])
  child.stdin.write('go\n')
  await expect.poll(() => seen).toEqual(['1@0 one', '2@4 two'])
  expect(isOver).toBe(false)
  child.stdin.write('go\n')
  await expect.poll(() => isOver).toBe(true)
  expect(seen).toEqual(['1@0 one', '2@4 two', '3@8 three'])
})

test('process.stdin as a pipe: each line leaves as it arrives, and the end of the pipe is the end', async () => {
  const { child, printed } = start(Infinity)
  child.stdin.write('one\ntw')
  await expect.poll(printed).toBe('stdin:1 one\n')
  child.stdin.end('o\nthree')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(printed()).toBe('stdin:1 one\nstdin:2 two\nstdin:3 three\n')
})

test('process.stdin as a pipe that stays open: the process ends when it has its line', async () => {
  const { child, printed } = start(1)
  child.stdin.write('one\ntwo\n')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(printed()).toBe('stdin:1 one\n')
})

test('process.stdin as a file, and as nothing', () => {
  const command = `'${typescriptNode}' '${firstLines}' 2`
  const inShell = (rest: string): string => spawnSync('sh', ['-c', `${command} ${rest}`], { encoding: 'utf8' }).stdout
  expect(inShell(`< '${firstLines}'`)).toMatch(/^stdin:1 \/\/ Prints the lines.*\nstdin:2 import .*\n$/)
  expect(inShell('< /dev/null')).toBe('')
})

test('the lines that arrive together are one chunk', async () => {
  const readable = new PassThrough()
  const stream = stdin({ readable })
  readable.end('a\nb\nc\n')
  const { sources } = await run(stream, () => {}).done
  expect(sources).toMatchObject([{ name: 'stdin', read: 3, chunks: 1 }])
})

test.each([
  ['texts', Readable.from(['grü', 'ß\nb']), ['grüß', 'b']],
  ['bytes that are no Buffer', Readable.from([new Uint8Array([0x61, 0x0a, 0x62])]), ['a', 'b']],
  ['texts of an encoding', new PassThrough().setEncoding('base64').end('ab\nc'), ['ab', 'c']],
  ['nothing', Readable.from([]), []],
])('a stream of %s', async (_, readable, expected) => {
  expect(await texts(readable)).toEqual(expected)
})

test('a stream that is already at its end has no lines', async () => {
  const readable = Readable.from(['a\n'])
  expect(await texts(readable)).toEqual(['a'])
  expect(await texts(readable)).toEqual([])
})

test('a second subscription goes on where the first stopped', async () => {
  const readable = new PassThrough()
  readable.write('a\n')
  expect((await firstValueFrom(stdin({ readable }))).text).toBe('a')
  readable.end('b\nc')
  expect(await texts(readable)).toEqual(['b', 'c'])
})

test('closing takes all listeners away and does not destroy the stream', async () => {
  const readable = new PassThrough()
  const before = listeners(readable)
  const subscription = stdin({ readable }).subscribe()
  await expect.poll(() => listeners(readable)).toBeGreaterThan(before)
  subscription.unsubscribe()
  await expect.poll(() => listeners(readable)).toBe(before)
  expect(readable.destroyed).toBe(false)
})

test('the end takes all listeners away', async () => {
  const readable = Readable.from(['a\n'])
  const before = listeners(readable)
  await texts(readable)
  expect(listeners(readable)).toBe(before)
})

test.each([
  ['fails', (readable: Readable) => readable.destroy(new Error('reset by peer')), 'reset by peer'],
  ['is destroyed', (readable: Readable) => readable.destroy(), 'expected the end of the stream, got its destruction'],
])('a stream that %s is an input error behind the last line', async (_, fail, reason) => {
  const readable = new PassThrough()
  const seen: string[] = []
  const error = new Promise((resolve) => {
    stdin({ readable }).subscribe({ next: (line) => seen.push(line.text), error: resolve })
  })
  readable.write('a\nb\nc')
  await expect.poll(() => seen).toEqual(['a', 'b'])
  fail(readable)
  expect(await error).toMatchObject({
    code: 'input',
    message: `stdin: expected to read on in 'stdin' behind line 2 (byte 5), got ${reason}`,
  })
})

test('a stream of something else is an input error', async () => {
  await expect(texts(Readable.from([1]))).rejects.toMatchObject({
    code: 'input',
    message:
      "stdin: expected to read on in 'stdin' behind line 0 (byte 0), got expected bytes from the stream, got number",
  })
})

test('a line that is too long is skipped, counted and handed out', async () => {
  const readable = Readable.from(['abc\nab', 'cde\nab'])
  const refused = sideOutput<DeadLetter>('too long')
  const seen: string[] = []
  const out: DeadLetter[] = []
  const { sources } = await run([
    route(stdin({ readable, maxLineBytes: 4, refused }), (line) => void seen.push(line.text)),
    route(refused, (line) => void out.push(line)),
  ]).done
  expect(seen).toEqual(['abc', 'ab'])
  expect(out).toEqual([{ source: 'stdin', number: 2, offset: 4, byteLength: 5, reason: 'longer than 4 bytes' }])
  expect(sources).toMatchObject([{ read: 2, refused: 1 }])
})

test('a bad limit is refused at once', () => {
  expect(() => stdin({ maxLineBytes: -1 })).toThrow(
    expect.objectContaining({
      code: 'invalid-argument',
      message: 'stdin: maxLineBytes must be a whole number of bytes from 1 to 536870888, got -1',
    }),
  )
})
