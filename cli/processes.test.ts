// What only a process shows: results while the input goes on, signals, threads, named pipes.
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BuiltCommand, type Outcome, outcomeOfProcess, shows } from './fixtures/built-command.ts'
import { hit, hourRow } from './fixtures/hits.ts'

const makeLog = fileURLToPath(new URL('../examples/make-access-log.mjs', import.meta.url))

let command: BuiltCommand

beforeAll(async () => {
  command = await BuiltCommand.build()
}, 60_000)

afterAll(async () => await command.close())

test('a window is shown as soon as it is complete, while the pipe stays open', async () => {
  const tidemark = command.start('-p', 'combined', '-W', '1h', '-d', '60s', '-q')
  const outcome = outcomeOfProcess(tidemark)
  tidemark.stdin.write(hit('09:59:00') + hit('10:00:59'))
  tidemark.stdin.write(hit('10:01:00').slice(0, 20))
  tidemark.stdin.write(hit('10:01:00').slice(20))
  await shows(tidemark, hourRow('09', 1))
  tidemark.stdin.end(hit('10:02:00'))
  expect(await outcome).toEqual({ stdout: hourRow('09', 1) + hourRow('10', 3), stderr: '', exit: '' })
})

test('Ctrl-C ends the input: what was read gives its results, and the exit code is 130', async () => {
  const tidemark = command.start('-p', 'combined', '-W', '1h', '-d', '60s')
  const outcome = outcomeOfProcess(tidemark)
  tidemark.stdin.write(hit('09:59:00') + hit('10:30:00'))
  await shows(tidemark, hourRow('09', 1))
  tidemark.kill('SIGINT')
  const stderr = '2 lines, 0 late, 0 unparsable, 2 windows\n'
  expect(await outcome).toEqual({ stdout: hourRow('09', 1) + hourRow('10', 1), stderr, exit: '130\n' })
})

test('a second Ctrl-C does not wait for a reader that is stuck', async () => {
  // A result for each line, which are more than a pipe takes; nobody reads it.
  const log = join(command.place, 'long')
  await writeFile(log, Array.from({ length: 3_000 }, (_, i) => hit(`10:${clock(i)}`)).join(''))
  const tidemark = command.start('-p', 'combined', '-W', '1s', '-d', '0s', log)
  await once(tidemark.stdout, 'readable')
  tidemark.kill('SIGINT')
  await setTimeout(200)
  expect(tidemark.exitCode).toBe(null)
  tidemark.kill('SIGINT')
  await once(tidemark, 'exit')
  expect(tidemark.exitCode).toBe(130)
})

test('an input that is silent for --idle does not hold back another', async () => {
  const silent = join(command.place, 'silent')
  await promisify(execFile)('mkfifo', [silent])
  // Open for reading too, so that opening does not wait.
  const writer = await open(silent, 'r+')
  const tidemark = command.start('-p', 'combined', '-W', '1h', '-d', '0s', '-q', '--idle', '300ms', silent, '-')
  const outcome = outcomeOfProcess(tidemark)
  tidemark.stdin.write(hit('09:10:00') + hit('10:10:00'))
  await shows(tidemark, hourRow('09', 1))
  tidemark.kill('SIGINT')
  await writer.close()
  expect(await outcome).toEqual({ stdout: hourRow('09', 1) + hourRow('10', 1), stderr: '', exit: '130\n' })
})

test('a large file, which threads parse, gives what the same bytes give from a pipe', async () => {
  const log = join(command.place, 'large.log')
  const make = [makeLog, '--late', '500', '--bad', '400', '--out', log]
  await promisify(execFile)(process.execPath, [...make, '--lines', '100000'])
  const flags = `-p combined -W 10m -b status -a 'users=distinct(host),sum(bytes),last(agent)' -d 60s --bad bad --late late`
  const outcome = (from: string): Promise<Outcome> => command.run(`tidemark ${flags} ${from} && cat bad late`)
  const [file, pipe] = [await outcome(log), await outcome(`< ${log}`)]
  expect(file.stderr).toMatch(/^100,000 lines, 49\d late, 400 unparsable, /)
  expect({ ...file, stdout: file.stdout.replaceAll(log, 'stdin') }).toEqual(pipe)
  // A reader that goes early ends the threads, too.
  expect(await command.run(`set -o pipefail; tidemark -q -p combined -W 1s ${log} | head -1 | wc -l`)).toMatchObject({
    stdout: '1\n',
    exit: '',
  })
})

test('a named pipe is opened once, so that its writer loses nothing', async () => {
  const flags = '-p combined -W 1h -d 5s'
  const piped = await command.run(`mkfifo pipe; cat access.txt > pipe & tidemark ${flags} pipe`)
  expect(piped).toEqual(await command.run(`tidemark ${flags} access.txt`))
})

test('tidemark run runs a pipeline of its own package, which a module imports by its path, and holds it back', async () => {
  const entry = (path: string): string => JSON.stringify(pathToFileURL(join(command.bin, '../..', path)).href)
  const pipeline = `import { fromIterable } from ${entry('adapters/iterable/index.js')}
import { boundedOutOfOrderness } from ${entry('index.js')}
import { assignTimestamps, values } from ${entry('operators/index.js')}

const numbers = Array.from({ length: 300_000 }, (_, i) => i)
export default fromIterable(numbers).pipe(assignTimestamps((n) => n, boundedOutOfOrderness(0)), values())
`
  await writeFile(join(command.place, 'numbers.mjs'), pipeline)
  // A job that did not know its source could not hold it back, and would hold more than it may.
  const outcome = await command.run('tidemark run ../numbers.mjs | (sleep 1; wc -l)')
  expect({ ...outcome, stdout: outcome.stdout.trim() }).toEqual({ stdout: '300000', stderr: '', exit: '' })
})

const requestsPer = `import { boundedOutOfOrderness, count, tumbling } from 'tidemark'
import { lines } from 'tidemark/adapters/file'
import { assignTimestamps, panes, window } from 'tidemark/operators'

export default ([log, size]) =>
  lines(log).pipe(
    assignTimestamps(({ text }) => Date.parse(JSON.parse(text).time), boundedOutOfOrderness('5s')),
    window(tumbling(size), count()),
    panes(),
  )
`

test('tidemark run runs the pipeline of a module, with the package that the module has', async () => {
  await command.install()
  await writeFile(join(command.place, 'requests-per.mjs'), requestsPer)
  const run = `tidemark run ../requests-per.mjs requests.ndjson`
  const outcome = await command.run(`${run} 1m; ${run} 1s | head -1`)
  const counts = [...outcome.stdout.matchAll(/"value":(\d+)/g)].map(([, count]) => Number(count))
  expect({ ...outcome, stdout: counts }).toEqual({ stdout: [5, 1, 1], stderr: '', exit: '' })
})

test.each([
  [
    'requests.ndjson never',
    "tidemark: tumbling: size: expected a whole number of milliseconds or a text like '90s' or '1h30m', got 'never'\n",
  ],
  [
    'nothing.ndjson 1m',
    "tidemark: lines: expected a file at 'nothing.ndjson', got ENOENT: no such file or directory, stat 'nothing.ndjson'\n",
  ],
])('what the package that the module has throws is told as any other error: %s', async (args, stderr) => {
  await command.install()
  await writeFile(join(command.place, 'requests-per.mjs'), requestsPer)
  expect(await command.run(`tidemark run ../requests-per.mjs ${args}`)).toEqual({ stdout: '', stderr, exit: '1\n' })
})

/** Minutes and seconds. */
function clock(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(14, 19)
}
