// What the command loads, of which there is little: each file costs a part of the start.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BuiltCommand } from './fixtures/built-command.ts'

let command: BuiltCommand
let folder: string

beforeAll(async () => {
  command = await BuiltCommand.build()
  folder = await command.folder()
}, 60_000)

afterAll(async () => await command.close())

const always = ['bin.js', 'main.js']
const usual = [...always, 'answer.js', 'usual.js']

test.each([
  [
    'what lines of JSON say',
    '-q -p json -t ts -W none -b level -a count(),avg(ms),distinct(level) -o tsv app.ndjson',
    usual,
  ],
  ['sorted, as a table', '-q -p json -t ts -W 1h -b level --sort count:desc --limit 3 -o table app.ndjson', usual],
  ['another format', '-q -p combined -W 1h -d 60s access.txt', [...usual, 'parsers.js']],
  ['a format found out', '-q -W 1h access.txt', [...usual, 'parsers.js']],
  ['several files', '-q -p json -t ts -W 1h app.ndjson requests.ndjson', usual],
  ['standard input', '-q -p json -t ts -W 1h', usual],
  ['the version', '--version', [...always, 'version.js']],
  ['the help', '--help', [...always, 'help.js']],
])('%s', async (_, line, expected) => {
  const loaded = await loadedBy(line.split(' '))
  expect(loaded.map(({ name }) => name).toSorted()).toEqual(expected.toSorted())
})

/** Sources of what only some questions need. */
const optional =
  /^(adapters\/(http|kafka|lmdb|merged|tail)\/|adapters\/socket\/(datagrams|listen)|cli\/(chart|completion|lateness)\/|cli\/(explain|help|joined|record|replay|run-module|why)|cli\/screen\/(live-table|progress|screen)|lib\/(joins|recording)\/.*-join|lib\/windows\/calendar\.ts)/

test('what is loaded has little code, and none that only some questions need', async () => {
  const loaded = await loadedBy(['-q', '-W', '1h', 'access.txt'])
  const codes = await Promise.all(loaded.map(({ path }) => readFile(path, 'utf8')))
  const sources = codes.flatMap((code) => [...code.matchAll(/^\/\/ (\S+\.[jt]s)$/gm)].map(([, source = '']) => source))
  expect(sources).toContain('cli/run-job.ts')
  expect(sources.filter((source) => optional.test(source))).toEqual([])
  expect(codes.join('').length).toBeLessThan(450_000)
})

interface LoadedFile {
  /** In the folder of the command; elsewhere the whole path. */
  readonly name: string
  readonly path: string
}

/** The files whose code a command loads, Node's own left out. Node writes them down, to tell which parts of them have run. */
async function loadedBy(args: readonly string[]): Promise<readonly LoadedFile[]> {
  const coverage = await mkdtemp(join(command.place, 'coverage-'))
  const env = { ...process.env, NODE_V8_COVERAGE: coverage }
  const child = spawn(process.execPath, [command.bin, ...args], {
    cwd: folder,
    env,
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  child.stdin.end()
  expect(await once(child, 'exit')).toEqual([0, null])
  const written = await Promise.all((await readdir(coverage)).map((name) => readFile(join(coverage, name), 'utf8')))
  const scripts = written.flatMap(
    (text) => (JSON.parse(text) as { readonly result: readonly { url: string }[] }).result,
  )
  const paths = scripts.flatMap(({ url }) => (url.startsWith('file:') ? [fileURLToPath(url)] : []))
  const own = join(command.bin, '..', '/')
  return paths.map((path) => ({ name: path.replace(own, ''), path }))
}
