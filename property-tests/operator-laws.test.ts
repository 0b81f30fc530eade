// The table of operator and law is complete: a new operator, or a new law, has its place in it or fails here.

import { expect, test } from 'vitest'
import { tablesOf } from '../docs/fixtures/tables.ts'
import * as operators from '../operators/index.ts'
import { exceptionTable, lawTable, page } from './fixtures/operator-laws/page.ts'
import { others, subjects } from './fixtures/operator-laws/subjects.ts'
import { generalLaws, particularLaws } from './fixtures/operator-laws/verdicts.ts'
import * as laws from './laws/index.ts'

test('every operator is tried', () => {
  expect([...Object.keys(subjects), ...Object.keys(others)].toSorted()).toEqual(Object.keys(operators).toSorted())
})

test('every law is asked, here or where it is known what is computed', () => {
  const asked = [...generalLaws().map((law) => law.name), ...particularLaws]
  expect(asked.toSorted()).toEqual(Object.keys(laws).toSorted())
})

test('the page says what the tests try', () => {
  const [holds, exceptions] = tablesOf(page)
  expect(holds).toEqual(lawTable())
  expect(exceptions).toEqual(exceptionTable())
})
