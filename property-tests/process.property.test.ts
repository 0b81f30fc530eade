// Laws of `process`, over events that say what is done with the state and the timers of their key, in any order of arrival, with
// watermarks that rise as they like:
//
// 1. What comes out, and what is late, is what a model finds in which time goes on millisecond by millisecond.
// 2. In the order of time it makes no difference in which order events came, nor how often watermarks did.
// 3. However few elements a turn may take, the same comes out, every event is accounted for, and in the end nothing is held.
// 4. A key alone gives what it gives among others, unless it is kept for ever: then the events of others let its timers go on.
// 5. What is emitted in the order of time is never behind a watermark that has gone on.

import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fromIterable } from '../adapters/iterable/from-iterable.ts'
import { VirtualClock } from '../lib/clock.ts'
import { type Element, watermark } from '../lib/element.ts'
import type { OperatorMetrics } from '../lib/metrics.ts'
import { route, run } from '../lib/run.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { process } from '../operators/process.ts'
import {
  type Cause,
  causes,
  type Input,
  inputs,
  type Manner,
  manners,
  scripted,
  type Sight,
} from './fixtures/process-script.ts'
import { ProcessModel } from './fixtures/replay-process.ts'
import { fewer, runs } from './fixtures/runs.ts'

type Output = Element<Sight, string, undefined>

interface Outcome {
  readonly elements: readonly Output[]
  readonly late: readonly Cause[]
  readonly metrics: OperatorMetrics | undefined
}

async function outcomeOf(input: readonly Input[], manner: Manner, batchSize = 1_024): Promise<Outcome> {
  const { order, keep } = manner
  const late = sideOutput<Cause>('late')
  const elements: Output[] = []
  const lateOnes: Cause[] = []
  const stream = fromIterable(input).pipe(process(scripted(manner), { order, keep, late }))
  const metrics = await run(
    [
      route(stream, (element) => void elements.push(element)),
      route(late, (element) => void (element.kind === 'event' && lateOnes.push(element))),
    ],
    { clock: new VirtualClock(), batchSize },
  ).done
  return { elements, late: lateOnes, metrics: metrics.operators.at(-1) }
}

const isEvent = ({ kind }: { readonly kind: string }): boolean => kind === 'event'

test('1: what comes out, and what is late, is what a model finds that goes millisecond by millisecond', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, manners, async (input, manner) => {
      const { elements, late } = await outcomeOf(input, manner)
      const model = new ProcessModel(manner, input)
      expect(elements).toEqual(model.elements)
      expect(late).toEqual(model.late)
    }),
    runs,
  )
})

test('2: in the order of time neither the order of arrival nor the number of watermarks makes a difference', async () => {
  // Those of one time are told apart by their order, so each has a time of its own.
  const distinct = fc.uniqueArray(causes, { maxLength: 15, selector: ({ time }) => time })
  const shuffled = distinct.chain((array) =>
    fc.tuple(fc.constant(array), fc.shuffledSubarray(array, { minLength: array.length })),
  )
  await fc.assert(
    fc.asyncProperty(shuffled, manners, async ([input, other], manner) => {
      const inTime = { ...manner, order: 'time' } as const
      const sorted = input.toSorted((a, b) => a.time - b.time)
      const watched = sorted.flatMap((cause): Input[] => [watermark(cause.time), cause])
      const once = await outcomeOf(other, inTime)
      const often = await outcomeOf(watched, inTime)
      expect(once.elements.filter(isEvent)).toEqual(often.elements.filter(isEvent))
      // Where each event has its watermark in front, both orders are the same.
      const atOnce = await outcomeOf(watched, { ...manner, order: 'arrival' })
      expect(atOnce.elements.filter(isEvent)).toEqual(often.elements.filter(isEvent))
    }),
    fewer,
  )
})

test('3: in any slices the same, with every event accounted for and nothing held', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, manners, fc.integer({ min: 1, max: 4 }), async (input, manner, batchSize) => {
      const whole = await outcomeOf(input, manner)
      const sliced = await outcomeOf(input, manner, batchSize)
      expect(sliced.elements).toEqual(whole.elements)
      const came = input.filter(isEvent).length
      const late = sliced.late.length
      expect(sliced.metrics).toMatchObject({ in: came, late, contributed: came - late, held: 0, entries: 0 })
    }),
    fewer,
  )
})

test('4: a key alone gives what it gives among others', async () => {
  const isOfX = (element: { readonly kind: string; readonly key?: string }): boolean =>
    element.kind !== 'event' || element.key === 'x'
  await fc.assert(
    fc.asyncProperty(inputs, manners, fc.nat({ max: 15 }), async (input, others, keep) => {
      const manner = { ...others, keep }
      const among = await outcomeOf(input, manner)
      const alone = await outcomeOf(input.filter(isOfX), manner)
      expect(among.elements.filter(isOfX)).toEqual(alone.elements)
    }),
    fewer,
  )
})

test('5: in the order of time nothing that is emitted is behind a watermark that has gone on', async () => {
  await fc.assert(
    fc.asyncProperty(inputs, manners, async (input, manner) => {
      const { elements } = await outcomeOf(input, { ...manner, order: 'time' })
      let sent = -Infinity
      for (const element of elements) {
        if (element.kind === 'watermark') sent = element.time
        else if (element.kind === 'event') expect(element.time).toBeGreaterThanOrEqual(sent)
      }
    }),
    fewer,
  )
})
