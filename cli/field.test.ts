import { expect, test } from 'vitest'
import { Field } from './field.ts'

test.each([
  ['a', 'a', 'a', undefined],
  ['', '', '', undefined],
  ['12', '12', '12', 12],
  [' 1e3 ', ' 1e3 ', ' 1e3 ', 1000],
  [0, 0, 0, 0],
  [false, false, false, undefined],
  [null, undefined, undefined, undefined],
  [undefined, undefined, undefined, undefined],
  [['a', 1], ['a', 1], '["a",1]', undefined],
  [{ b: 1 }, { b: 1 }, '{"b":1}', undefined],
])('reads %j as %j, as a scalar %j, as a number %j', (value, plain, scalar, number) => {
  const field = new Field('x')
  expect(field.read({ x: value })).toEqual(plain)
  expect(field.readScalar({ x: value })).toBe(scalar)
  expect(field.readNumber({ x: value })).toBe(number)
})

test('notes a field that no record had, with the one that was meant', () => {
  const field = new Field('usr')
  for (const record of [{ user: 'ada' }, { other: 1 }]) field.read(record)
  expect(field.notes()).toEqual(["no record has a field 'usr'; did you mean 'user'?"])
})

test('notes nothing of a field that some records lack, or when there were no records', () => {
  const field = new Field('user')
  for (const record of [{ other: 1 }, { user: 'ada' }, {}]) field.read(record)
  expect(field.notes()).toEqual([])
  expect(new Field('user').notes()).toEqual([])
})

test('counts what is no number, but not what is not there', () => {
  const field = new Field('ms')
  for (const ms of [1, '2', '', null, undefined, 'fast', Number.NaN, 'Infinity', ' ', []]) field.readNumber({ ms })
  expect(field.notes()).toEqual(["field 'ms': left out what is no number (5)"])
})

test('a field that every object seems to have is read where it is a field of the record', () => {
  for (const name of ['toString', '__proto__', 'constructor']) {
    const field = new Field(name)
    expect(field.read({})).toBeUndefined()
    expect(field.read(JSON.parse(`{"${name}":"x"}`) as Record<string, unknown>)).toBe('x')
  }
})
