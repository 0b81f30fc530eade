import { expect, test } from 'vitest'
import { tablesOf } from '../docs/fixtures/tables.ts'
import { exhibits } from './fixtures/gallery/exhibits.ts'
import { page, rowsOfPage, summaryOf } from './fixtures/gallery/page.ts'
import * as laws from './laws/index.ts'

test('the page has every broken pipeline, at least 40 of them', () => {
  const mutants = exhibits.flatMap((exhibit) => exhibit.mutants)
  expect(rowsOfPage().map(({ mutant }) => mutant)).toEqual(mutants)
  expect(mutants.length).toBeGreaterThanOrEqual(40)
  expect(rowsOfPage().filter((row) => row.laws.length === 0)).toEqual([])
})

test('the page counts what each law finds', () => {
  const [overview = []] = tablesOf(page)
  const asked = [...new Set(exhibits.flatMap((exhibit) => exhibit.laws))]
  const counted = summaryOf(rowsOfPage(), asked).map(([law, finds, alone, aloneWithoutOracle]) => ({
    law: `\`${law}\``,
    finds: String(finds),
    'only it': String(alone),
    'only it, but for oracles': String(aloneWithoutOracle),
  }))
  expect(overview).toEqual(counted)
})

test('every law that has to do with one pipeline is asked, and finds something', () => {
  const [overview = []] = tablesOf(page)
  const found = overview.filter((row) => row['finds'] !== '0').map((row) => row['law']?.replaceAll('`', ''))
  expect(new Set(found)).toEqual(new Set(Object.keys(laws)))
})
