import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BuiltCommand, type Outcome } from './fixtures/built-command.ts'
import { outcomeOf } from './fixtures/outcome-of.ts'
import { simpleCommand } from './fixtures/simple-command.ts'

// Golden cases, one a folder of `cases`: `cmd` is a line for the shell, which runs among the files of `fixtures`; `stdout`,
// `stderr` and `exit` are what must come of it (absent: nothing, nothing, 0). `UPDATE_CASES=1 npx vitest run cli/cases.test.ts`
// writes them anew, to be read before they are committed. A line that only calls the command is carried out in this process,
// because another one takes ten times as long.

const cases = fileURLToPath(new URL('cases', import.meta.url))
const names = (await readdir(cases)).toSorted()
const lines = await Promise.all(names.map(async (name) => ({ name, line: await read(join(cases, name, 'cmd')) })))
const here = lines.flatMap(({ name, line }) => {
  const words = simpleCommand(line)
  return words === undefined ? [] : [{ name, words }]
})
const elsewhere = lines.filter(({ line }) => simpleCommand(line) === undefined)

let command: BuiltCommand
const before = process.cwd()

beforeAll(async () => {
  command = await BuiltCommand.build()
  process.chdir(await command.folder())
}, 60_000)

afterAll(async () => {
  process.chdir(before)
  await command.close()
})

test.concurrent.each(elsewhere)('$name', async ({ name, line }) => await compare(name, await command.run(line)))

test.each(here)('$name', async ({ name, words }) => {
  const { exit, ...outputs } = await outcomeOf(words)
  await compare(name, { ...outputs, exit: exit === 0 ? '' : `${exit}\n` })
})

async function compare(name: string, outcome: Outcome): Promise<void> {
  const folder = join(cases, name)
  if (process.env['UPDATE_CASES'] !== undefined) await update(folder, outcome)
  expect(outcome).toEqual({
    stdout: await read(join(folder, 'stdout')),
    stderr: await read(join(folder, 'stderr')),
    exit: await read(join(folder, 'exit')),
  })
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
