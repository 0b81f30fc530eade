// docs/conformance.md says what the cases cover. It is counted here, so that the page stays true.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { tablesOf } from '../../docs/fixtures/tables.ts'
import { areas } from './fixtures/areas.ts'
import { allCases, coverageOfFiles, coverageOfThings, sourceOf } from './fixtures/coverage.ts'

const page = 'docs/conformance.md'
/** Files of joins and of patterns, each with a test of its own. */
const ofOthers = /join|group|detect/
const [files = [], things = [], differences = []] = tablesOf(page)

test('all files are run', () => {
  const names = readdirSync(new URL('.', import.meta.url))
  const there = names.filter((name) => name.endsWith('.json') && !ofOthers.test(name))
  expect(areas.map(({ file }) => `${file}.json`).toSorted()).toEqual(there.toSorted())
})

test('each case has a name of its own, a source, and says what it shows', () => {
  const cases = allCases()
  const ids = cases.map(({ id }) => id)
  expect(ids.filter((id, i) => ids.indexOf(id) < i)).toEqual([])
  expect(cases.filter((each) => sourceOf(each) === undefined)).toEqual([])
  expect(cases.filter(({ why }) => why === '')).toEqual([])
})

test('the page counts the cases of each file and source', () => {
  const counted = coverageOfFiles().map((row) =>
    Object.fromEntries(Object.entries(row).map(([heading, cell]) => [heading, cell === 0 ? '' : String(cell)])),
  )
  const linked = /^\[(?<file>.*)\]\(.*\)$/
  expect(files.map((row) => ({ ...row, file: row['file']?.replace(linked, '$<file>') }))).toEqual(counted)
})

test('the page counts the cases of each kind of window, trigger and option', () => {
  const counted = Object.entries(coverageOfThings()).map(([of, counts]) => ({
    of,
    cases: [...counts].map(([name, count]) => `\`${name}\` ${count}`).join(', '),
  }))
  expect(things).toEqual(counted)
})

test('the cases that the page names are there', () => {
  const ids = new Set(allCases().map(({ id }) => id))
  const named = differences.flatMap((row) => [...(row['cases'] ?? '').matchAll(/`(.+?)`/g)].map(([, id = '']) => id))
  expect(named.length).toBeGreaterThan(10)
  expect(named.filter((id) => !ids.has(id))).toEqual([])
})

test('the page says how many there are', () => {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8')
  expect(text).toContain(`${allCases().length} cases`)
})
