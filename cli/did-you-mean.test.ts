import { expect, test } from 'vitest'
import { didYouMean } from './did-you-mean.ts'

test.each([
  ['window', ['window'], 'window'],
  ['WINDOW', ['by', 'window'], 'window'],
  ['widnow', ['window'], 'window'],
  ['windo', ['window'], 'window'],
  ['windoww', ['window'], 'window'],
  ['wimdow', ['window'], 'window'],
  ['hots', ['ident', 'host'], 'host'],
  ['-w', ['-p', '-W'], '-W'],
])('takes %j among %j for %j', (word, known, meant) => {
  expect(didYouMean(word, known)).toBe(`; did you mean '${meant}'?`)
})

test.each([
  ['', ['a']],
  ['x', ['a', 'by']],
  ['-x', ['-p', '-W']],
  ['mode', ['window', 'output']],
  ['window', []],
])('has no idea of %j among %j', (word, known) => {
  expect(didYouMean(word, known)).toBe('')
})

test('of equally near words takes the first', () => {
  expect(didYouMean('cat', ['car', 'can'])).toBe("; did you mean 'car'?")
})
