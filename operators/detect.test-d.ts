// What a match has for each stage, and what the conditions get to see, is known to the types; so is what may be told to skip.
import type { Observable } from 'rxjs'
import { expectTypeOf, test } from 'vitest'
import type { Diff, Element, Event, Stream } from '../lib/element.ts'
import { begin } from '../lib/patterns/begin.ts'
import type { Match } from '../lib/patterns/pattern.ts'
import type { PaneInfo } from '../lib/window.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { detect, map, type TimedOut, values } from './index.ts'

interface Payment {
  readonly amount: number
}

interface Refund extends Payment {
  readonly reason: string
}

declare const payments: Stream<Payment, string>
declare const refunds: Stream<Refund, string, PaneInfo>
declare const revised: Stream<Payment, string, undefined, Diff>
declare const texts: Stream<string, string>

const isSmall = (payment: Payment): boolean => payment.amount < 1
const small = begin('small', isSmall)
const probes = small.followedBy('large', (payment) => payment.amount > 500).within('10m')

type Of<M> = Observable<Element<M, string, undefined>>

test('a stage has one event', () => {
  expectTypeOf(payments.pipe(detect(probes))).toEqualTypeOf<Of<{ readonly small: Payment; readonly large: Payment }>>()
  expectTypeOf<Match<Payment, { small: 'one' }>>().toEqualTypeOf<{ readonly small: Payment }>()
})

test('a loop has a list, whether it may be left out or not', () => {
  const list = { small: [] as readonly Payment[] }
  for (const pattern of [
    small.oneOrMore(),
    small.times(2),
    small.times(0, 2),
    small.timesOrMore(2),
    small.oneOrMore().optional(),
    small.oneOrMore().greedy().consecutive().allowCombinations().until(isSmall),
  ]) {
    expectTypeOf(payments.pipe(detect(pattern.within(1)))).toEqualTypeOf<Of<Readonly<typeof list>>>()
  }
})

test('what is optional may be missing', () => {
  const pattern = small.next('large', isSmall).optional().within(1)
  expectTypeOf(payments.pipe(detect(pattern))).toEqualTypeOf<
    Of<{ readonly small: Payment; readonly large: Payment | undefined }>
  >()
})

test('what must not come is in no match', () => {
  const pattern = small
    .notNext('none', isSmall)
    .followedByAny('large', isSmall)
    .notFollowedBy('no more', isSmall)
    .within(1)
  expectTypeOf(payments.pipe(detect(pattern))).toEqualTypeOf<Of<{ readonly small: Payment; readonly large: Payment }>>()
})

test('a condition gets what has matched so far, and what its loop has', () => {
  small
    .oneOrMore()
    .until((payment, soFar) => {
      expectTypeOf(payment).toEqualTypeOf<Payment>()
      expectTypeOf(soFar).toEqualTypeOf<{ readonly small: readonly Payment[] }>()
      return true
    })
    .followedBy('large', (payment, soFar) => {
      expectTypeOf(payment).toEqualTypeOf<Payment>()
      expectTypeOf(soFar).toEqualTypeOf<{ readonly small: readonly Payment[]; readonly large: readonly Payment[] }>()
      return true
    })
    .optional()
    .notFollowedBy('none', (_, soFar) => {
      expectTypeOf(soFar).toEqualTypeOf<{ readonly small: readonly Payment[]; readonly large: Payment | undefined }>()
      return true
    })
    .next('last', (_, { small: all, large, last }) => {
      expectTypeOf(all).toEqualTypeOf<readonly Payment[]>()
      expectTypeOf(large).toEqualTypeOf<Payment | undefined>()
      expectTypeOf(last).toEqualTypeOf<readonly Payment[]>()
      return true
    })
})

test('a name is used once', () => {
  // @ts-expect-error there is a stage of that name
  small.next('small', isSmall)
  // @ts-expect-error there is a stage of that name
  small.followedBy('large', isSmall).notNext('small', isSmall)
  // @ts-expect-error there is a stage of that name
  small.followedBy('large', isSmall).followedByAny('large', isSmall)
})

test('quantifiers are for stages, those of loops for loops', () => {
  expectTypeOf(small.notNext('none', isSmall)).not.toHaveProperty('oneOrMore')
  expectTypeOf(small).not.toHaveProperty('greedy')
  expectTypeOf(small).not.toHaveProperty('allowCombinations')
  expectTypeOf(small).not.toHaveProperty('until')
  expectTypeOf(small.optional()).not.toHaveProperty('oneOrMore')
  expectTypeOf(small.oneOrMore()).not.toHaveProperty('times')
})

test('a pattern has a time', () => {
  // @ts-expect-error it says nothing of within
  payments.pipe(detect(small))
})

test('the stream has the values of the pattern, or narrower ones, and takes nothing back', () => {
  refunds.pipe(detect(probes))
  // @ts-expect-error a text is no payment
  texts.pipe(detect(probes))
  // @ts-expect-error a match is not taken back
  revised.pipe(detect(probes))
})

test('stages to skip to are those of the pattern', () => {
  payments.pipe(detect(probes, { skip: 'past-last' }))
  payments.pipe(detect(probes, { skip: { toFirst: 'large' } }))
  // @ts-expect-error there is no such stage
  payments.pipe(detect(probes, { skip: { toLast: 'huge' } }))
  // @ts-expect-error there is no such strategy
  payments.pipe(detect(probes, { skip: 'to-last' }))
})

test('what runs out of time may lack any stage but a loop, which is empty', () => {
  const late = sideOutput<Event<Payment, string>>('late')
  const pattern = small.followedBy('more', isSmall).oneOrMore().followedBy('large', isSmall).within(1)
  const timedOut = sideOutput<Event<TimedOut<typeof pattern>, string, undefined>>('timed out')
  payments.pipe(detect(pattern, { timedOut, late }))
  const parts = timedOut.pipe(map(({ reached, matched }) => ({ reached, ...matched })))
  expectTypeOf(parts.pipe(values())).toEqualTypeOf<
    Observable<{
      small: Payment | undefined
      more: readonly Payment[]
      large: Payment | undefined
      reached: 'small' | 'more' | 'large'
    }>
  >()
  // @ts-expect-error they are not of this pattern
  payments.pipe(detect(probes, { timedOut }))
})

test('matches flow into what follows', () => {
  const amounts = payments.pipe(
    detect(probes),
    map(({ small: first, large }) => first.amount + large.amount),
    values(),
  )
  expectTypeOf(amounts).toEqualTypeOf<Observable<number>>()
})
