import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { Sandbox } from '../docs/fixtures/sandbox.ts'
import { outcomeOf } from './fixtures/outcome-of.ts'

// What `--explain` prints is a program of the package: the compiler takes it, and it gives what the command gives.

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url))
const access = `-p combined ${fixtures}/access.txt`
const app = `${fixtures}/app.ndjson`

const commands = [
  `-W 1h ${access}`,
  `-W 1h -d 60s -a 'users=distinct(host)' ${access}`,
  `-W 1h -b status -a 'count(),rate(),sum(bytes),first(path),list(path)' ${fixtures}/access.txt`,
  `-W hop:1h/30m -b method,status -a 'approx(host),avg(bytes)' ${access}`,
  `-W session:30s -b user -a 'p95(ms),top(ms,2),max(ms)' -t ts -p json ${app}`,
  `-W slide:20s -d 60s ${app}`,
  `-W count:3 -a 'last(status)' ${access}`,
  `-W cumulate:3h/1h -d 5s --allowed-lateness 1h ${access}`,
  `-W day@Asia/Kolkata -d 60s --trigger early=2 ${access}`,
  `-W none -d 60s --trigger count=3 -m retract ${access}`,
  `-W 1d -d 60s --trigger early=2,late=1 --allowed-lateness 1h -m discard ${access}`,
  `-W none -l 'kb=bytes / 1000' -w 'kb >= 1' -w "path !== '/a'" -a 'count(),list(kb)' ${access}`,
  `-W none -b user -w 'user.startsWith("a")' ${app}`,
  `-W 1m -d 10s -b shop -a 'sum(amount),list(note)' -t time:s ${fixtures}/orders.csv`,
  `-W 1m ${fixtures}/app.logfmt`,
  `-W 1h -b module,level -p apache-error ${fixtures}/error.txt`,
  `-W 1m -p 'grok:^%{ISO8601:time} %{HOSTNAME:host} took %{INT:ms} ms$' -b host -a 'max(ms)' ${fixtures}/service.txt`,
  `-W 1h -b app -a 'count(),min(severity)' -p syslog ${fixtures}/syslog.txt`,
  String.raw`-W 1m -p 'regex:/^(?<time>\S+) (?<host>\S+) took (?<ms>\d+) ms$/' -a 'max(ms)' ${fixtures}/service.txt`,
  `-W 1h -d 60s ${access} ${fixtures}/access.txt`,
  `-W none -b host --sort count:desc,host --limit 3 ${access}`,
  `-W 1h -b status,host --sort host:desc ${access}`,
  `-W 1h -b path --limit 1 ${access}`,
  `-W 1d -b site -a 'count(),max(rank)' --lookup ${fixtures}/hosts.csv:host ${access}`,
  `-W none -b site -l 'more=+rank + 1' -w 'rank > 0' -a 'sum(more)' --lookup ${fixtures}/hosts.csv:host ${fixtures}/requests.ndjson`,
  `-W 1m -b answers_status -a 'count(),max(answers_ms),list(path)' --join ${fixtures}/answers.csv:id=request ${fixtures}/requests.ndjson`,
  `-W 1m -d 20s -b site -w 'requests_id > 0' --lookup ${fixtures}/hosts.csv:host --join ${fixtures}/requests.ndjson:id:5m ${fixtures}/requests.ndjson`,
  `-W 1m -d 5s -b path --dedup id ${fixtures}/requests.ndjson`,
  `-W 1m --dedup id:1m --join ${fixtures}/answers.csv:id=request:2h ${fixtures}/requests.ndjson`,
  `-W none -b name -a 'count(),list(rooms_degrees)' --lookup ${fixtures}/rooms.json:room --join ${fixtures}/rooms.ndjson:room ${fixtures}/rooms.ndjson`,
  `-W none -a 'list(degrees)' --dedup room ${fixtures}/rooms.ndjson`,
  String.raw`-W 1m --multiline '\S+ web-1' -p 'regex:/^(?<time>\S+) (?<host>\S+)(?<rest>.*)$/s' -a 'max(rest)' ${fixtures}/service.txt`,
]

/** The words of a command line, as a shell takes them. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  )
}

// All in one process, which takes a tenth of the time.
const sandbox = new Sandbox('explain')
const mark = '=== '
const all: string[] = []
for (const [i, command] of commands.entries()) {
  const { stdout } = await outcomeOf([...wordsOf(command), '--explain'])
  sandbox.add(`command ${i}`, stdout)
  all.push(`console.log('${mark}')`, `await import('./command-${i}.ts')`)
}
sandbox.add('all', all.join('\n'))

test('the programs are right in the eyes of the compiler', async () => {
  expect(await sandbox.typeCheck()).toEqual([])
})

test('the programs give what the commands give', async () => {
  const [, ...outputs] = (await sandbox.run('all')).split(`${mark}\n`)
  expect(outputs).toHaveLength(commands.length)
  for (const [i, command] of commands.entries()) {
    const { stdout } = await outcomeOf(wordsOf(command))
    expect([command, stdout]).not.toEqual([command, ''])
    expect([command, outputs[i]]).toEqual([command, stdout])
  }
})

test('what has no place in a program is said', async () => {
  const { stderr, exit } = await outcomeOf(wordsOf(`-W 1h -p json -t ts:%Y --explain ${app}`))
  expect(stderr).toContain('--explain: the pattern %Y of --time has no place in a program')
  expect(exit).toBe(2)
})

test('the files of a command are those of its program', async () => {
  const { stdout } = await outcomeOf(
    wordsOf(
      `-W 1h --out results --late late.ndjson --bad bad.ndjson --checkpoint state --strict --idle 5s -d 1s ${access} --explain`,
    ),
  )
  expect(stdout).toContain("route(results, textFile('results', ")
  expect(stdout).toContain("route(late, ndjsonFile('late.ndjson'))")
  expect(stdout).toContain("route(bad, ndjsonFile('bad.ndjson'))")
  expect(stdout).toContain("{ checkpoint: { dir: 'state', every: '10s' } }")
  expect(stdout).toContain("boundedOutOfOrderness('1s', { idleTimeout: '5s' })")
  expect(stdout).toContain('strict: true')
})
