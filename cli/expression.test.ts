/* oxlint-disable no-template-curly-in-string -- templates within expressions are what is tested */
import { expect, test } from 'vitest'
import { compileExpression, fieldsOfExpression } from './expression.ts'

test.each([
  ['status >= 500', ['status']],
  ["status >= 500 && path.startsWith('/api')", ['status', 'path']],
  ['a.b.c + a?.d', ['a']],
  ['\'x y\' + "z" + `q`', []],
  ['`${a} and ${b.c}`', ['a', 'b']],
  ['Math.floor(ms / 10) + Number(n)', ['ms', 'n']],
  ['/ab+c/.test(path)', ['path']],
  ['/[/]x/i.test(path)', ['path']],
  ['a / b / c', ['a', 'b', 'c']],
  ['(a) / b', ['a', 'b']],
  ['x => x', ['x']],
  ['[...tags, 1.5e3, 0x1f, .5]', ['tags']],
  ['typeof a === "string"', ['a']],
  ['typeof /a/ === b', ['b']],
  ['a /* b */ + c // d', ['a', 'c']],
  ["$['x-y'] > 1", ['$']],
  ['größe > 1', ['größe']],
  ['process.exit()', ['process']],
  ['true && null !== undefined', []],
])('finds the fields of %j', (expression, fields) => {
  expect(fieldsOfExpression(expression)).toEqual(fields)
})

test.each([
  ['a + b', { a: 1, b: 2 }, 3],
  ['`${a}-${b}`', { a: 1, b: 2 }, '1-2'],
  ['/^x/.test(a)', { a: 'xy' }, true],
  ["$['x-y'] * 2", { 'x-y': 4 }, 8],
  ['a ?? "none"', {}, 'none'],
  ['process', {}, undefined],
  ['a // the end', { a: 1 }, 1],
  ['[a, [b]]', { a: 1, b: 2 }, [1, [2]]],
])('%j of %j is %j', (expression, record, value) => {
  expect(compileExpression(expression, fieldsOfExpression(expression))(record)).toEqual(value)
})

test.each([
  ['', 'Unexpected token'],
  ['a >=', 'it ends too early'],
  ['a b', 'Unexpected identifier'],
  ['1); (2', 'Unexpected token'],
  ['a; b', 'Unexpected token'],
  ['let x = 1', 'Unexpected'],
])('refuses %j', (expression, message) => {
  expect(() => compileExpression(expression, fieldsOfExpression(expression))).toThrow(message)
})
