import { expect, test } from 'vitest'
import { realClock } from '../../../lib/clock.ts'
import { turns } from '../../../lib/fixtures/turns.ts'
import { answeredWith } from './cluster-error.ts'
import { Lane, type LaneOptions } from './lane.ts'

/** Requests as they were made, and how each is answered. */
function lane(options: Partial<LaneOptions> = {}): {
  readonly lane: Lane<string, string>
  readonly requests: (readonly string[])[]
  readonly answers: ((fail?: Error) => void)[]
} {
  const requests: (readonly string[])[] = []
  const answers: ((fail?: Error) => void)[] = []
  const ask = (items: readonly string[]): Promise<string[]> => {
    requests.push(items)
    return new Promise((resolve, reject) => {
      answers.push((fail) => (fail === undefined ? resolve(items.map((item) => `${item}!`)) : reject(fail)))
    })
  }
  return { lane: new Lane(ask, { clock: realClock, ...options }), requests, answers }
}

test('asks for all in one request, and for what comes meanwhile in the next', async () => {
  const { lane: one, requests, answers } = lane()
  const [a, b] = [one.add('a'), one.add('b')]
  await turns()
  const c = one.add('c')
  await turns()
  expect(requests).toEqual([['a', 'b']])
  answers[0]?.()
  expect(await Promise.all([a, b])).toEqual(['a!', 'b!'])
  // Who asks on hearing the answer is in time.
  const d = one.add('d')
  await turns()
  expect(requests).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ])
  answers[1]?.()
  expect(await Promise.all([c, d])).toEqual(['c!', 'd!'])
})

test('has a limit to a request, and several under way', async () => {
  const { lane: one, requests, answers } = lane({ most: 2, width: 2 })
  for (const item of ['a', 'b', 'c', 'd', 'e']) void one.add(item)
  await turns()
  expect(requests).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ])
  answers[1]?.()
  await turns()
  expect(requests[2]).toEqual(['e'])
})

test('fails each for itself, or all at once', async () => {
  const refused = answeredWith('TOPIC_AUTHORIZATION_FAILED', false, 'no')
  const each = new Lane(
    (items: readonly string[]) => Promise.resolve(items.map((item) => (item === 'b' ? refused : item))),
    {
      clock: realClock,
    },
  )
  expect(await Promise.allSettled(['a', 'b'].map((item) => each.add(item)))).toEqual([
    { status: 'fulfilled', value: 'a' },
    { status: 'rejected', reason: refused },
  ])
  const { lane: one, answers } = lane()
  const both = Promise.allSettled([one.add('a'), one.add('b')])
  await turns()
  answers[0]?.(new Error('lost'))
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  // And goes on.
  const c = one.add('c')
  await turns()
  answers[1]?.()
  expect(await c).toBe('c!')
})

test('does not wait for what was left out of an answer', async () => {
  const short = new Lane(() => Promise.resolve(['a']), { clock: realClock })
  const [, b] = await Promise.allSettled([short.add('a'), short.add('b')])
  expect(b).toMatchObject({ reason: { kind: 'unavailable', isRetriable: true } })
})
