import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { DeadLetter } from './dead-letter.ts'
import { lineChunks } from './line-chunks.ts'
import { LineSplitter } from './line-splitter.ts'

async function* bytes(pieces: readonly string[], failure?: Error): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield Buffer.from(piece)
  if (failure !== undefined) throw failure
}

const open = new AbortController().signal

/** The texts of each chunk, and what was thrown in the end. */
async function read(
  source: AsyncIterable<Buffer>,
  refused: (line: DeadLetter) => void = () => {},
  signal: AbortSignal = open,
): Promise<{ chunks: string[][]; error: unknown }> {
  const chunks: string[][] = []
  try {
    for await (const { values } of lineChunks(source, new LineSplitter('a.log', 4, refused), 'lines', signal)) {
      chunks.push(values.map((line) => line.text))
    }
  } catch (error) {
    return { chunks, error }
  }
  return { chunks, error: undefined }
}

test('lines that end in the same bytes are a chunk; bytes without an end of line are none', async () => {
  expect(await read(bytes(['a\nb\nc', 'd', 'e\n', 'f\n', 'g']))).toEqual({
    chunks: [['a', 'b'], ['cde'], ['f'], ['g']],
    error: undefined,
  })
})

test('where reading fails, the lines before it are given, and the error says where', async () => {
  const failure = new Error('EIO: i/o error, read')
  const { chunks, error } = await read(bytes(['a\nb', '\nc'], failure))
  expect(chunks).toEqual([['a'], ['b']])
  expect(error).toMatchObject({
    code: 'input',
    message: "lines: expected to read on in 'a.log' behind line 2 (byte 5), got EIO: i/o error, read",
    cause: failure,
  })
})

test('what the receiver of a refused line throws is not taken for a failure to read', async () => {
  const failure = new Error('no space')
  const refused = (): void => {
    throw failure
  }
  expect(await read(bytes(['a\ntoo long\n']), refused)).toEqual({ chunks: [], error: failure })
})

test('an aborted signal ends even a line that never does', async () => {
  const controller = new AbortController()
  async function* endless(): AsyncGenerator<Buffer> {
    for (let i = 0; ; i++) {
      if (i === 3) controller.abort()
      await setImmediate()
      yield Buffer.from('x')
    }
  }
  const { chunks, error } = await read(endless(), undefined, controller.signal)
  expect(chunks).toEqual([])
  expect(error).toBe(controller.signal.reason)
})
