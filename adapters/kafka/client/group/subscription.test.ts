import { expect, test } from 'vitest'
import { decodeSubscription, encodeSubscription } from './subscription.ts'

const owned = [
  { topic: 'orders', partition: 0 },
  { topic: 'orders', partition: 2 },
]
const topics = ['a', 'orders']

// As another client writes them, with a byte of the user's and a rack.
const head = '0000000200016100066f72646572730000000178'
const has = '0000000100066f7264657273000000020000000000000002'

test.each([
  ['0', `0000${head}`, { topics, owned: [], generation: -1 }],
  ['1', `0001${head}${has}`, { topics, owned, generation: -1 }],
  ['2', `0002${head}${has}00000007`, { topics, owned, generation: 7 }],
  ['3', `0003${head}${has}0000000700027231`, { topics, owned, generation: 7 }],
  ['4, with more than is known', `0004${head}${has}0000000700027231ffff`, { topics, owned, generation: 7 }],
  ['3 in name, with the body of 0', `0003${head}`, { topics, owned: [], generation: -1 }],
])('reads version %s', (_, hex, subscription) => {
  expect(decodeSubscription(Buffer.from(hex, 'hex'))).toEqual(subscription)
})

test('writes version 3, in order', () => {
  const subscription = { topics: topics.toReversed(), owned: owned.toReversed(), generation: 7 }
  const hex = encodeSubscription(subscription).toString('hex')
  expect(hex).toBe(`00030000000200016100066f7264657273ffffffff${has}00000007ffff`)
})

test('reads what it has written', () => {
  const subscription = { topics: ['größer', 'ж'], owned: [{ topic: 'ж', partition: 70_000 }], generation: -1 }
  expect(decodeSubscription(encodeSubscription(subscription))).toEqual(subscription)
})

test.each(['', '0003', '0003000000020001', `0001${head}0000000100066f`])('refuses what is cut off: %s', (hex) => {
  expect(() => decodeSubscription(Buffer.from(hex, 'hex'))).toThrow('cut off')
})
