import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { route, run, type RunOptions } from '../../lib/run.ts'
import type { Sink } from '../../lib/sink.ts'
import { fromIterable } from '../iterable/index.ts'
import { ndjsonFile, textFile } from './index.ts'

let folder = ''
let path = ''
let checkpoint: RunOptions

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-text-file-'))
  path = join(folder, 'out.txt')
  checkpoint = { checkpoint: { dir: join(folder, 'state') } }
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

const written = (): string => readFileSync(path, 'utf8')
const toText = (): Sink<unknown> => textFile(path, String)

test('each value is a line, in UTF-8', async () => {
  await run(
    fromIterable(['grüß', 'b'], { chunkSize: 1 }),
    textFile(path, (value) => `<${value}>`),
  ).done
  expect(written()).toBe('<grüß>\n<b>\n')
})

test('no values make an empty file', async () => {
  await run(fromIterable([]), toText()).done
  expect(written()).toBe('')
})

test('values are lines of JSON', async () => {
  await run(fromIterable([{ a: 1 }, ['\n'], null]), ndjsonFile(path)).done
  expect(written()).toBe('{"a":1}\n["\\n"]\nnull\n')
})

test('stringify makes the JSON', async () => {
  await run(fromIterable([1]), ndjsonFile<number>(path, { stringify: (n) => `{"n":${n}}` })).done
  expect(written()).toBe('{"n":1}\n')
})

test('a file with something in it is left as it is, with and without checkpoints', async () => {
  writeFileSync(path, 'mine')
  for (const options of [{}, checkpoint, checkpoint]) {
    expect(await failureOf(run(fromIterable([1]), toText(), options).done)).toMatchObject({
      code: 'output',
      message: `textFile(${path}): expected no file, or an empty one, got one of 4 bytes that no checkpoint of the job knows`,
    })
  }
  expect(written()).toBe('mine')
})

test('an empty file is written to', async () => {
  writeFileSync(path, '')
  await run(fromIterable([1]), toText(), checkpoint).done
  expect(written()).toBe('1\n')
})

test('what was not seen by the last checkpoint is cut off', async () => {
  await run(fromIterable([1, 2]), toText(), checkpoint).done
  writeFileSync(path, '1\n2\n3 and half of')
  await run(fromIterable([1, 2]), toText(), checkpoint).done
  expect(written()).toBe('1\n2\n')
})

test.each([
  ['shorter', () => writeFileSync(path, '1\n'), '2'],
  ['not there', () => rmSync(path), 'no file'],
])('a file that is %s than the checkpoint says is refused', async (_, change, got) => {
  await run(fromIterable([1, 2]), toText(), checkpoint).done
  change()
  expect(await failureOf(run(fromIterable([1, 2]), toText(), checkpoint).done)).toMatchObject({
    code: 'output',
    message: `textFile(${path}): expected the 4 bytes of the checkpoint, got ${got}`,
  })
})

test('a folder in its place is an error of the output', async () => {
  mkdirSync(path)
  expect(await failureOf(run(fromIterable([1]), toText()).done)).toMatchObject({
    code: 'output',
    cause: { code: 'EISDIR' },
  })
})

describe('a value that can not be written', () => {
  const failing = (): string => {
    throw new Error('no text')
  }
  test.each<readonly [string, () => Sink<unknown>, string, string]>([
    ['of textFile', () => textFile(path, failing), 'callback', 'textFile(PATH): no text'],
    ['of stringify', () => ndjsonFile(path, { stringify: failing }), 'callback', 'ndjsonFile(PATH): no text'],
    [
      'of JSON',
      () => ndjsonFile(path),
      'output',
      'ndjsonFile(PATH): expected a value that JSON can express, got undefined',
    ],
  ])('%s', async (_, sink, code, message) => {
    expect(await failureOf(run(fromIterable([undefined]), sink()).done)).toMatchObject({
      code,
      message: message.replace('PATH', path),
    })
  })
})

test.each([
  [() => textFile('', String), 'textFile'],
  [() => ndjsonFile(''), 'ndjsonFile'],
])('a path is expected at once', (build, who) => {
  expect(build).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message: `${who}: expected the path of a file, got ''` }),
  )
})

test.each<readonly [string, () => Sink<unknown>]>([
  ['by another path', () => textFile(relative('.', path), String)],
  ['as lines of JSON', () => ndjsonFile(path)],
])('two sinks that would write over each other in one file are refused: %s', async (_, build) => {
  const second = build()
  const routes = [route(fromIterable([1]), toText()), route(fromIterable([2]), second)]
  expect(await failureOf(run(routes).done)).toMatchObject({
    code: 'output',
    message: `${second.name}: expected to write to '${path}' alone, got textFile(${path}) that does so too`,
  })
  expect(existsSync(path)).toBe(false)
})
