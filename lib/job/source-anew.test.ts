// A source that can't give again what the position of a checkpoint promised says so: nothing is passed over.
import { expect, test } from 'vitest'
import { Fate, MemoryStore, nothingDurable } from '../checkpoint/fixtures/crashing.ts'
import { run } from '../run.ts'
import { defineSource } from '../wiring/source.ts'

test.each([
  [false, ['a', 'b', 'c', 'd']],
  [true, ['a', 'b', 'x', 'y', 'c', 'd']],
])('where the first chunk of the second run is anew: %s', async (isAnew, expected) => {
  const durable = nothingDurable()
  const checkpoint = { dir: 'memory', store: () => new MemoryStore(durable, new Fate()) }
  const source = defineSource<string>({
    name: 'letters',
    open(_, position) {
      const first = position === undefined ? ['a', 'b', 'c'] : isAnew ? ['x', 'y', 'c'] : ['a', 'b', 'c']
      const chunks = [
        { values: first, position: 0, isAnew: isAnew && position !== undefined },
        { values: ['d'], position: 1 },
      ]
      return { read: () => chunks.shift(), close() {} }
    },
  })
  const seen: string[] = []
  const job = run(
    source,
    (letter) => {
      seen.push(letter)
      if (letter === 'b') void job.stop()
    },
    { batchSize: 1, checkpoint },
  )
  await job.done
  await run(source, (letter) => void seen.push(letter), { checkpoint }).done
  expect(seen).toEqual(expected)
})
