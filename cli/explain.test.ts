import { expect, test } from 'vitest'
import { Sandbox } from '../docs/fixtures/sandbox.ts'

// What `--explain` prints is a program of the package: the compiler takes it, and it gives what the command gives.

const fixtures = '../../../cli/fixtures'
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
  String.raw`-W 1m -p 'regex:/^(?<time>\S+) (?<host>\S+) took (?<ms>\d+) ms$/' -a 'max(ms)' ${fixtures}/service.txt`,
  `-W 1h -d 60s ${access} ${fixtures}/access.txt`,
  `-W none -b host --sort count:desc,host --limit 3 ${access}`,
  `-W 1h -b status,host --sort host:desc ${access}`,
  `-W 1h -b path --limit 1 ${access}`,
]

const sandbox = new Sandbox('explain')
const programs = await Promise.all(
  commands.map(async (command, i) => ({
    command,
    at: `command ${i}`,
    code: await sandbox.shell(`tidemark ${command} --explain`),
  })),
)
for (const { at, code } of programs) sandbox.add(at, code)

test('the programs are right in the eyes of the compiler', async () => {
  expect(await sandbox.typeCheck()).toEqual([])
})

test.concurrent.each(programs)('$command gives what its program gives', async ({ command, at }) => {
  const output = await sandbox.run(at)
  expect(output).not.toBe('')
  expect(output).toBe(await sandbox.shell(`tidemark -q ${command} 2>/dev/null`))
})
