import { map } from 'rxjs'
import { expect, test } from 'vitest'
import { toAsyncIterable } from '../ix/index.ts'
import { asDuplex, from, type PulledOptions, through, toReadable } from './index.ts'

// As somebody without types may write it.
const options = { checkpoint: { dir: 'x' } } as PulledOptions

test.each<readonly [string, () => unknown]>([
  ['through', () => through(map(String), options)],
  ['asDuplex', () => asDuplex(map(String), options)],
  ['toReadable', () => toReadable(from([1]), options)],
  ['toAsyncIterable', () => toAsyncIterable(from([1]), options)],
])('%s takes no checkpoints', (name, build) => {
  expect(build).toThrow(
    expect.objectContaining({
      code: 'unsupported',
      message: `${name}: expected a job without checkpoints, got the option 'checkpoint': results that are handed out would be lost in a crash before they are made something of; give them to a sink, by 'run'`,
    }),
  )
})
