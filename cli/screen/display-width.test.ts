import { expect, test } from 'vitest'
import { displayWidth, shortened } from './display-width.ts'

test.each([
  ['', 0],
  ['plain', 5],
  ['naïve', 5],
  ['nai\u0308ve', 5],
  ['日本', 4],
  ['한글', 4],
  ['🌊', 2],
  ['…', 1],
])('%j takes %d columns', (text, width) => {
  expect(displayWidth(text)).toBe(width)
})

test.each([
  ['plain', 5, 'plain'],
  ['plain', 4, 'pla…'],
  ['plain', 1, '…'],
  ['plain', 0, ''],
  ['日本語', 6, '日本語'],
  ['日本語', 5, '日本…'],
  ['日本語', 4, '日…'],
  ['nai\u0308ve', 4, 'nai\u0308…'],
])('%j in %d columns is %j', (text, width, cut) => {
  expect(shortened(text, width)).toBe(cut)
})
