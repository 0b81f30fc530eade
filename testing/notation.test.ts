import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseMarbles } from './parse-marbles.ts'
import { printMarbles } from './print-marbles.ts'

const page = readFileSync(new URL('../docs/notation.md', import.meta.url), 'utf8')
const diagrams = [...page.matchAll(/^```marbles\n(.*?)\n```$/gms)].map(([, diagram = '']) => diagram)
const rows = [...page.matchAll(/^\| (.+?) +\| .+ \| (both|inputs|outputs) +\|$/gm)]
const tokens = rows.flatMap(([, cell = '', place = '']) =>
  [...cell.replace('<code>&#124;</code>', '`|`').matchAll(/`(.+?)`/g)].map(([, token = '']) => [token, place] as const),
)

const parses = (text: string): boolean => {
  try {
    parseMarbles(text)
    return true
  } catch {
    return false
  }
}

test('the page has diagrams and tokens', () => {
  expect(diagrams.length).toBeGreaterThanOrEqual(5)
  expect(tokens.length).toBeGreaterThanOrEqual(19)
})

test.each(diagrams)('is canonical:\n%s', (diagram) => {
  expect(printMarbles(parseMarbles(diagram))).toBe(diagram)
})

test.each(tokens)('%s stands on %s', (token, place) => {
  expect([parses(`in ${token}`), parses(`in  a@0\nout ${token}`)]).toEqual([place !== 'outputs', place !== 'inputs'])
})

test('what the text says of single tokens holds', () => {
  const prose = page.slice(page.indexOf('**Values'), page.indexOf('## Lines'))
  const said = [...prose.matchAll(/`([^` ]*[@~=][^`]*)`/g)].map(([, token = '']) => token)
  expect(said).toContain('+-5@3')
  expect(said.filter((token) => !parses(`in  a@0\nout ${token}`))).toEqual([])
})
