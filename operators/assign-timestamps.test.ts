import { from, of } from 'rxjs'
import { expect, test } from 'vitest'
import { event, watermark } from '../lib/element.ts'
import { run } from '../lib/run.ts'
import { boundedOutOfOrderness } from '../lib/watermarks/bounded-out-of-orderness.ts'
import { monotonous } from '../lib/watermarks/monotonous.ts'
import { collect } from '../testing/collect.ts'
import { assignTimestamps, keyBy, values } from './index.ts'

interface Hit {
  readonly host: string
  readonly at: number
}

const hits: readonly Hit[] = [
  { host: 'a', at: 5 },
  { host: 'b', at: 3 },
  { host: 'a', at: 9 },
]

test('gives each value its time, no key, and the watermarks of the strategy', async () => {
  const [a, b, c] = hits
  expect(await collect(of(...hits).pipe(assignTimestamps((hit) => hit.at, boundedOutOfOrderness(2))))).toEqual([
    event(a, 5),
    watermark(3),
    event(b, 3),
    event(c, 9),
    watermark(7),
    watermark(Infinity),
  ])
})

test('of nothing is the end alone', async () => {
  expect(await collect(from<Hit[]>([]).pipe(assignTimestamps((hit) => hit.at, monotonous())))).toEqual([
    watermark(Infinity),
  ])
})

test('may be used again further down, with other times', async () => {
  const pipeline = of(...hits).pipe(
    assignTimestamps((hit) => hit.at, monotonous(), { id: 'first' }),
    keyBy((hit) => hit.host),
    values(),
    assignTimestamps((hit) => -hit.at, monotonous(), { id: 'second' }),
  )
  const elements = await collect(pipeline)
  expect(elements.flatMap((element) => (element.kind === 'event' ? [[element.time, element.key]] : []))).toEqual([
    [-5, undefined],
    [-3, undefined],
    [-9, undefined],
  ])
  const { operators } = await run(pipeline, () => {}).done
  expect(operators.map(({ id }) => id)).toEqual(['first', 'keyBy', 'second'])
})
