import { spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { format } from 'prettier'
import { expect, test } from 'vitest'
import { manPage } from './fixtures/man-page.ts'
import { optionTables } from './fixtures/option-tables.ts'
import { flags } from './flags.ts'

// `docs/cli.md` and `man/tidemark.1` show the options as the flag table has them. `UPDATE_DOCS=1 npx vitest run cli/manual.test.ts` writes them anew.

const page = fileURLToPath(new URL('../docs/cli.md', import.meta.url))
const options = /(?<=^## Options\n\n).*?(?=^## )/ms

test('the page has the options of the flag table', async () => {
  const text = await readFile(page, 'utf8')
  const tables = await format(optionTables(), { parser: 'markdown', printWidth: 120 })
  if (process.env['UPDATE_DOCS'] !== undefined)
    await writeFile(
      page,
      text.replace(options, () => `${tables}\n`),
    )
  expect(options.exec(await readFile(page, 'utf8'))?.[0]).toBe(`${tables}\n`)
})

test('the man page is that of the flag table', async () => {
  const path = fileURLToPath(new URL('../man/tidemark.1', import.meta.url))
  if (process.env['UPDATE_DOCS'] !== undefined) await writeFile(path, manPage())
  expect(await readFile(path, 'utf8')).toBe(manPage())
})

const hasGroff = spawnSync('sh', ['-c', 'command -v groff']).status === 0
if (!hasGroff) console.warn("SKIPPED, for want of the program 'groff': the man page has no mistakes")
test.skipIf(!hasGroff)('the man page has no mistakes', () => {
  const { stdout, stderr } = spawnSync('groff', ['-man', '-Tutf8', '-ww', '-P-cbou'], {
    input: manPage(),
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  for (const { name } of flags.values()) expect(stdout).toContain(`--${name}`)
  expect(stdout).toMatch(/'status >= 500'/)
})

test('no two options share a letter or a name', () => {
  const all = [...flags.values()]
  const letters = all.flatMap(({ short }) => short ?? [])
  expect(new Set(letters).size).toBe(letters.length)
  expect(all.filter(({ value, expects }) => (value === undefined) !== (expects === undefined))).toEqual([])
})
