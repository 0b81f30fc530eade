// What the pages show is run: programs against the sources, commands on the sample, and where output is shown it is compared.
// Code in front of a diagram is the business of diagrams.test.ts.
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Fence, fences, pages } from './fixtures/fences.ts'
import { Sandbox } from './fixtures/sandbox.ts'

const outcomeOf = (fence: Fence): Fence | undefined => fences.find(({ follows }) => follows === fence)
const isProgram = (fence: Fence): boolean => fence.language === 'ts' && outcomeOf(fence)?.language !== 'marbles'
const outputOf = (fence: Fence): string | undefined => {
  const outcome = outcomeOf(fence)
  return outcome?.language === 'text' ? `${outcome.text}\n` : undefined
}

const snippets = fences.filter(isProgram)
const scripts = fences.filter(({ language }) => language === 'sh')
const sandbox = new Sandbox('snippets')
for (const { at, text } of snippets) sandbox.add(at, text)

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8')
const npmScripts = (JSON.parse(read('package.json')) as { readonly scripts: Readonly<Record<string, string>> }).scripts

test('every block is of a kind that is run or compared', () => {
  const known = ['ts', 'sh', 'text', 'marbles']
  expect(fences.filter(({ language }) => !known.includes(language))).toEqual([])
  expect(fences.filter(({ language, follows }) => language === 'text' && follows === undefined)).toEqual([])
})

test('the programs are right in the eyes of the compiler', async () => {
  expect(await sandbox.typeCheck()).toEqual([])
})

test.concurrent.each(snippets)('the program at $at runs', async (fence) => {
  const output = await sandbox.run(fence.at)
  expect(output).toBe(outputOf(fence) ?? output)
})

test.concurrent.each(scripts)('the commands at $at run', async (fence) => {
  const output = await sandbox.shell(
    fence.text
      .split(/\n| && /)
      .map(inTest)
      .join('\n'),
  )
  expect(output).toBe(outputOf(fence) ?? output)
})

test('the README shows the example as it is', () => {
  const [code] = snippets.filter(({ at }) => at.startsWith('README.md'))
  expect(read('examples/hourly-users.ts')).toContain(code?.text)
})

test('links lead to what is there', () => {
  const links = pages.flatMap((page) => {
    const targets = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => target)
    return targets.map((target) => ({
      page,
      target,
      isThere: existsSync(new URL(target, new URL(`../${page}`, import.meta.url))),
    }))
  })
  expect(links.length).toBeGreaterThanOrEqual(5)
  expect(links.filter(({ isThere }) => !isThere)).toEqual([])
})

test('anchors lead to headings', () => {
  const anchors = pages.flatMap((page) =>
    [...read(page).matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)].map(([, target = '', anchor = '']) => {
      const file = target === '' ? page : new URL(target, new URL(page, 'file:///')).pathname.slice(1)
      return { page, file, anchor }
    }),
  )
  expect(anchors.length).toBeGreaterThanOrEqual(10)
  expect(anchors.filter(({ file, anchor }) => !headings(file).includes(anchor))).toEqual([])
})

/** The anchors that a page has. */
function headings(page: string): readonly string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  )
}

/** What a test runs for a command that a page shows. */
function inTest(command: string): string {
  if (command === 'npm ci' || command === 'npm link') return ':'
  const [, script] = /^npm (?:run )?([\w:]+)$/.exec(command) ?? []
  if (script !== undefined) return npmScript(script)
  // The sample has an end, and `tail -f` has none.
  const isEndless = / (?:-f|--follow|--listen) /.test(command) && command.startsWith('tidemark ')
  const finite = isEndless ? `${command} --explain >/dev/null` : command.replace(/^tail -[fF] /, 'cat ')
  if (/^(?:cat [\w.]+ \| )?tidemark /.test(finite)) return finite
  throw new Error(`expected a command that a test knows, got '${command}'`)
}

function npmScript(name: string): string {
  const script = npmScripts[name]
  if (script === undefined) throw new Error(`expected a script of package.json, got '${name}'`)
  if (name !== 'start') return ':'
  const [, args] = / && node dist\/cli\/bin\.js (.*)$/.exec(script) ?? []
  if (args === undefined) throw new Error(`expected a start that builds and runs the command, got '${script}'`)
  // As on a terminal.
  return `tidemark ${args} --output table`
}
