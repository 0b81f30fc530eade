import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import type { Observable } from 'rxjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BuiltCommand } from '../../cli/fixtures/built-command.ts'
import { route, run } from '../../lib/run.ts'
import { type SideOutput, sideOutput } from '../../lib/wiring/side-output.ts'
import { lines } from '../file/lines.ts'
import { combined } from '../format/combined.ts'
import { json } from '../format/json.ts'
import { parse } from '../format/parse.ts'
import type { Parser } from '../format/parser.ts'
import type { DeadLetter } from '../line/dead-letter.ts'
import { records } from './records.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidemark-records-'))
let built: BuiltCommand
beforeAll(async () => {
  built = await BuiltCommand.build()
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await built.close()
})

function file(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const hit = (i: number): string =>
  i % 50 === 7
    ? `no hit ${i}`
    : `10.0.${i % 7}.${i % 251} - ${i % 90 === 1 ? 'a b' : '-'} [11/Oct/2018:10:00:${String(i % 60).padStart(2, '0')} +0000] "GET /${i} HTTP/1.1" 200 ${i} "-" "x${'y'.repeat(i % 40)}"`
const event = (i: number): string =>
  i % 50 === 7
    ? '{'
    : JSON.stringify({ at: i % 30 === 3 ? 'late' : 1_700_000_000_000 + i, level: ['info', null, { i }][i % 3] })

const accessLog = Array.from({ length: 3_000 }, (_, i) => `${hit(i)}${i % 4 === 0 ? '\r\n' : '\n'}`).join('')
const jsonLines = Array.from({ length: 3_000 }, (_, i) => event(i)).join('\n')

const parsers: Readonly<Record<string, Parser<unknown>>> = {
  combined: combined({ fields: ['host', 'user', 'time', 'path'] }),
  json: json({ fields: ['at', 'level'], instant: 'at' }),
}

/** What comes of a source, and of whom it is said that nothing has. */
async function outcome(make: (refused: SideOutput<DeadLetter>) => Observable<unknown>): Promise<unknown> {
  const refused = sideOutput<DeadLetter>('refused')
  const all: unknown[] = []
  const letters: DeadLetter[] = []
  const source = make(refused)
  const { operators, sources } = await run([
    route(source, (record) => void all.push(record)),
    route(refused, (letter) => void letters.push(letter)),
  ]).done
  const counted = operators.map(({ name, filtered, refused, out }) => ({ name, filtered, refused, out }))
  const read = sources.map(({ name, read, refused }) => ({ name, read, refused }))
  return { all, letters, counted, read }
}

const inputs = [
  { name: 'combined', content: accessLog },
  { name: 'json', content: jsonLines },
]

test.each(inputs)('reads what lines and parse read: $name', async ({ name, content }) => {
  const path = file(name, content)
  const options = { maxLineBytes: 160 }
  const parser = parsers[name] ?? json()
  const expected = await outcome((refused) => lines(path, { ...options, refused }).pipe(parse(parser, { refused })))
  for (const chunkBytes of [1_000, 2 ** 18]) {
    expect(await outcome((refused) => records(path, parser, { ...options, chunkBytes, refused }))).toEqual(expected)
  }
  const packed = file(`${name}.gz`, gzipSync(content))
  const { all } = expected as { readonly all: unknown }
  expect(await outcome((refused) => records(packed, parser, { ...options, refused }))).toMatchObject({ all })
})

test('is as strict as parse', async () => {
  const path = file('strict', 'no hit\n')
  const failing = run([route(records(path, combined(), { strict: true }), () => {})]).done
  await expect(failing).rejects.toThrow(`${path}:1: expected a line that combined can parse: ident`)
})

/** Prints what comes of a file, one way after the other, as compiled code does it with other threads. */
const program = `
const [build, path, name] = process.argv.slice(2)
const { route, run, sideOutput } = await import(build + '/index.js')
const { records } = await import(build + '/adapters/file/index.js')
const { combined, json } = await import(build + '/adapters/format/index.js')
const parser = name === 'json'
  ? json({ fields: ['at', 'level'], instant: 'at' })
  : combined({ fields: ['host', 'user', 'time', 'path'] })
for (const threads of [0, 1, 3]) {
  const refused = sideOutput('refused')
  const [all, letters] = [[], []]
  await run([
    route(records(path, parser, { threads, blockBytes: 3000, maxLineBytes: 160, refused }), (record) => all.push(record)),
    route(refused, (letter) => letters.push(letter)),
  ]).done
  console.log(JSON.stringify([all, letters]))
}
`

test.each(inputs)('other threads read the same: $name', ({ name, content }) => {
  const path = file(`threads-${name}`, content.repeat(5))
  const build = pathToFileURL(built.build).href
  const { stdout, stderr } = spawnSync(process.execPath, [file('program.mjs', program), build, path, name], {
    encoding: 'utf8',
    maxBuffer: 2 ** 27,
    // Whoever waits for a thread that does not answer waits for ever.
    timeout: 50_000,
  })
  expect(stderr).toBe('')
  const [alone = '', ...others] = stdout.trim().split('\n')
  expect(others).toHaveLength(2)
  // Of lines that have not ended the next one is a part.
  expect((JSON.parse(alone) as unknown[][]).flat()).toHaveLength(15_000 - (content.endsWith('\n') ? 0 : 4))
  for (const other of others) expect(other === alone).toBe(true)
})

/** Prints what becomes of the blocks of a file: as this thread parses them, as another does, and as a pool does with others that have started. */
const blocksProgram = `
const [build, path] = process.argv.slice(2)
const { blockParser } = await import(build + '/adapters/records/parse-block.js')
const { ColumnReader } = await import(build + '/adapters/records/columns.js')
const { TaskThread } = await import(build + '/adapters/threads/task-thread.js')
const { ThreadPool } = await import(build + '/adapters/threads/thread-pool.js')
const { common } = await import(build + '/adapters/format/index.js')
const settings = { recipe: common().recipe, maxLineBytes: 160 }
const blocks = Array.from({ length: 60 }, (_, i) => ({ path, start: i * 5000, end: (i + 1) * 5000 }))
const print = (all) => console.log(JSON.stringify(all))
const records = () => {
  const reader = new ColumnReader(settings.recipe.kinds)
  return ({ columns, ...rest }) => ({ ...rest, records: reader.read(columns) })
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

print(blocks.map(blockParser(settings)).map(records()))

const start = () => new TaskThread(new URL(build + '/adapters/records/record-worker.js'))
const pool = new ThreadPool([start(), start()], settings, records)
// Started last, it is ready when the others are, or will soon be.
const thread = start()
thread.begin(settings, () => {})
while (thread.load > 0) await turn()
const under = blocks.map((block) => thread.give(block))
while (thread.load > 0) await turn()
print(under.map((made) => made()).map(records()))
await thread.close()

const all = []
for await (const { result } of pool.run(blocks, blockParser(settings))) {
  all.push(result)
  await turn()
}
print(all)
await pool.close()

// One that has ended says so, and is given nothing more.
const gone = start()
const last = new ThreadPool([gone], settings, records)
while (gone.load > 0) await turn()
const left = gone.give(blocks[0])
await gone.close()
await turn()
try {
  print(left())
} catch ({ message }) {
  print([message, gone.load === Infinity])
}
let count = 0
for await (const _ of last.run(blocks, blockParser(settings))) count += 1
print([count])
`

test('other threads parse blocks as this one does, and each gets its own back', () => {
  const path = file('blocks', accessLog)
  const build = pathToFileURL(built.build).href
  const { stdout, stderr } = spawnSync(process.execPath, [file('blocks.mjs', blocksProgram), build, path], {
    encoding: 'utf8',
    maxBuffer: 2 ** 27,
    // Whoever waits for a thread that does not answer waits for ever.
    timeout: 50_000,
  })
  expect(stderr).toBe('')
  const [here, there, together, ...afterwards] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as readonly { readonly records: readonly unknown[] }[])
  expect(here?.flatMap(({ records }) => records).length).toBeGreaterThan(1_000)
  expect(there).toEqual(here)
  expect(together).toEqual(here)
  expect(afterwards).toEqual([['a thread that has ended', true], [60]])
})
