// Laws of the queue:
//
// 1. It gives what a plain array gives, whatever is pushed and shifted in whatever order.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Fifo } from './fifo.ts'

test('1: it is first in, first out', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean()), (steps) => {
      const fifo = new Fifo<{ readonly n: number }>()
      const model: { readonly n: number }[] = []
      for (const [n, pushes] of steps.entries()) {
        if (pushes) {
          const item = { n }
          fifo.push(item)
          model.push(item)
        } else {
          expect(fifo.shift()).toBe(model.shift())
        }
        expect(fifo.size).toBe(model.length)
      }
    }),
  )
})

test('100,000 leave in order', () => {
  const fifo = new Fifo<{ readonly n: number }>()
  for (let n = 0; n < 100_000; n++) fifo.push({ n })
  let inOrder = 0
  for (let n = 0; n < 100_000; n++) if (fifo.shift()?.n === n) inOrder += 1
  expect(inOrder).toBe(100_000)
  expect(fifo.shift()).toBeUndefined()
})
