import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

// Golden cases, one a folder of `cases`: `cmd` is a line for the shell, which runs among the files of `fixtures`; `stdout`,
// `stderr` and `exit` are what must come of it (absent: nothing, nothing, 0). `UPDATE_CASES=1 npx vitest run cli/cases.test.ts`
// writes them anew, to be read before they are committed.

const root = fileURLToPath(new URL('..', import.meta.url))
const cases = fileURLToPath(new URL('cases', import.meta.url))
const fixtures = fileURLToPath(new URL('fixtures', import.meta.url))
// Inside of the project, because the built command imports its dependencies; never dist, which may be stale.
const build = join(root, '.cache', `command-${process.pid}`)
const bin = join(build, 'cli', 'bin.js')

let place: string
let env: NodeJS.ProcessEnv

beforeAll(async () => {
  await rm(build, { recursive: true, force: true })
  const tsc = join(root, 'node_modules', '.bin', 'tsc')
  // Whether the types are right is the business of `npm run types`.
  await promisify(execFile)(tsc, ['-p', 'tsconfig.build.json', '--outDir', build], { cwd: root }).catch(() => {})
  place = await mkdtemp(join(tmpdir(), 'tidemark-cases-'))
  const commands = join(place, 'bin')
  await mkdir(commands)
  await writeFile(join(commands, 'tidemark'), `#!/bin/sh\nexec '${process.execPath}' '${bin}' "$@"\n`, { mode: 0o755 })
  env = { ...process.env, PATH: [commands, process.env['PATH'] ?? ''].join(delimiter) }
}, 60_000)

afterAll(async () => {
  for (const folder of [build, place]) await rm(folder, { recursive: true, force: true })
})

const names = (await readdir(cases)).toSorted()

test.concurrent.each(names)('%s', async (name) => {
  const folder = join(cases, name)
  const outcome = await run(await read(join(folder, 'cmd')))
  if (process.env['UPDATE_CASES'] !== undefined) await update(folder, outcome)
  expect(outcome).toEqual({
    stdout: await read(join(folder, 'stdout')),
    stderr: await read(join(folder, 'stderr')),
    exit: await read(join(folder, 'exit')),
  })
})

test('a window is shown as soon as it is complete, while the pipe stays open', async () => {
  const tidemark = start('-p', 'combined', '-W', '1h', '-d', '60s', '-q')
  const outcome = outcomeOf(tidemark)
  tidemark.stdin.write(hit('09:59:00') + hit('10:00:59'))
  tidemark.stdin.write(hit('10:01:00').slice(0, 20))
  tidemark.stdin.write(hit('10:01:00').slice(20))
  await shows(tidemark, row('09', 1))
  tidemark.stdin.end(hit('10:02:00'))
  expect(await outcome).toEqual({ stdout: row('09', 1) + row('10', 3), stderr: '', exit: '' })
})

test('Ctrl-C ends the input: what was read gives its results, and the exit code is 130', async () => {
  const tidemark = start('-p', 'combined', '-W', '1h', '-d', '60s')
  const outcome = outcomeOf(tidemark)
  tidemark.stdin.write(hit('09:59:00') + hit('10:30:00'))
  await shows(tidemark, row('09', 1))
  tidemark.kill('SIGINT')
  const stderr = '2 lines, 0 late, 0 unparsable, 2 windows\n'
  expect(await outcome).toEqual({ stdout: row('09', 1) + row('10', 1), stderr, exit: '130\n' })
})

test('a second Ctrl-C does not wait for a reader that is stuck', async () => {
  // A result for each line, which are more than a pipe takes; nobody reads it.
  const log = join(place, 'long')
  await writeFile(log, Array.from({ length: 3_000 }, (_, i) => hit(`10:${clock(i)}`)).join(''))
  const tidemark = start('-p', 'combined', '-W', '1s', '-d', '0s', log)
  await once(tidemark.stdout, 'readable')
  tidemark.kill('SIGINT')
  await setTimeout(200)
  expect(tidemark.exitCode).toBe(null)
  tidemark.kill('SIGINT')
  await once(tidemark, 'exit')
  expect(tidemark.exitCode).toBe(130)
})

test('an input that is silent for --idle does not hold back another', async () => {
  const silent = join(place, 'silent')
  await promisify(execFile)('mkfifo', [silent])
  // Open for reading too, so that opening does not wait.
  const writer = await open(silent, 'r+')
  const tidemark = start('-p', 'combined', '-W', '1h', '-d', '0s', '-q', '--idle', '300ms', silent, '-')
  const outcome = outcomeOf(tidemark)
  tidemark.stdin.write(hit('09:10:00') + hit('10:10:00'))
  await shows(tidemark, row('09', 1))
  tidemark.kill('SIGINT')
  await writer.close()
  expect(await outcome).toEqual({ stdout: row('09', 1) + row('10', 1), stderr: '', exit: '130\n' })
})

test('a large file, which threads parse, gives what the same bytes give from a pipe', async () => {
  const log = join(place, 'large.log')
  const make = [join(root, 'examples', 'make-access-log.mjs'), '--late', '500', '--bad', '400', '--out', log]
  await promisify(execFile)(process.execPath, [...make, '--lines', '100000'])
  const flags = `-p combined -W 10m -b status -a 'users=distinct(host),sum(bytes),last(agent)' -d 60s --bad bad --late late`
  const outcome = (from: string): Promise<Outcome> => run(`tidemark ${flags} ${from} && cat bad late`)
  const [file, pipe] = [await outcome(log), await outcome(`< ${log}`)]
  expect(file.stderr).toMatch(/^100,000 lines, 49\d late, 400 unparsable, /)
  expect({ ...file, stdout: file.stdout.replaceAll(log, 'stdin') }).toEqual(pipe)
  // A reader that goes early ends the threads, too.
  expect(await run(`set -o pipefail; tidemark -q -p combined -W 1s ${log} | head -1 | wc -l`)).toMatchObject({
    stdout: '1\n',
    exit: '',
  })
})

test('a named pipe is opened once, so that its writer loses nothing', async () => {
  const command = `mkfifo pipe; cat access.txt > pipe & tidemark -p combined -W 1h -d 5s pipe`
  expect(await run(command)).toEqual(await run('tidemark -p combined -W 1h -d 5s access.txt'))
})

/** A line of an access log. */
function hit(time: string): string {
  return `192.0.2.1 - - [11/Oct/2018:${time} +0000] "GET / HTTP/1.1" 200 1 "-" "-"\n`
}

/** The result of an hour. */
function row(hour: string, count: number): string {
  const next = String(Number(hour) + 1).padStart(2, '0')
  const [start, end] = [`2018-10-11T${hour}:00:00.000Z`, `2018-10-11T${next}:00:00.000Z`]
  return `{"window_start":"${start}","window_end":"${end}","count":${count}}\n`
}

/** Minutes and seconds. */
function clock(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(14, 19)
}

function start(...args: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [bin, ...args])
}

/** Resolves when the text has come out. */
async function shows(child: ChildProcessWithoutNullStreams, text: string): Promise<void> {
  let shown = ''
  const look = (piece: string): void => void (shown += piece)
  child.stdout.on('data', look)
  while (!shown.includes(text)) await once(child.stdout, 'data')
  child.stdout.off('data', look)
}

interface Outcome {
  readonly stdout: string
  readonly stderr: string
  /** A line with the exit code, if it is not 0. */
  readonly exit: string
}

async function run(command: string): Promise<Outcome> {
  const cwd = await mkdtemp(join(place, 'case-'))
  await cp(fixtures, cwd, { recursive: true })
  const shell = spawn('bash', ['--norc', '-c', command], { cwd, env })
  shell.stdin.end()
  return await outcomeOf(shell)
}

async function outcomeOf(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (piece: string) => (output[name] += piece))
  }
  await once(child, 'close')
  return { ...output, exit: child.exitCode === 0 ? '' : `${String(child.exitCode)}\n` }
}

async function read(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '')
}

async function update(folder: string, outcome: Outcome): Promise<void> {
  for (const name of ['stdout', 'stderr', 'exit'] as const) {
    const text = outcome[name]
    if (text === '') await rm(join(folder, name), { force: true })
    else await writeFile(join(folder, name), text)
  }
}
