// What a view of `materialize` knows from its types: which sinks it can be, and that a range has bounds of the type of its keys.
import type { Observable } from 'rxjs'
import { expectTypeOf, test } from 'vitest'
import type { Diff, Element } from '../lib/element.ts'
import { run } from '../lib/run.ts'
import { type Change, materialize } from './index.ts'

declare const stock: Observable<Element<number, string, undefined, Diff>>

test('a view has rows and keys of its table', () => {
  const view = materialize<number, string>()
  run(stock, view)
  expectTypeOf(view.get('umbrella')).toEqualTypeOf<number | undefined>()
  expectTypeOf(view.entries()).toEqualTypeOf<IterableIterator<[key: string, value: number]>>()
  expectTypeOf(view.range('a', 'm')).toEqualTypeOf<readonly (readonly [key: string, value: number])[]>()
  expectTypeOf(view.changes()).toEqualTypeOf<Observable<Change<number, string>>>()
  // @ts-expect-error other keys
  run(stock, materialize<number, number>())
})

test('a range goes from a number or text to another', () => {
  materialize<string, number>().range(1, 5)
  materialize<string, 'north' | 'south'>().range('a', 'o')
  materialize<string, number | string>().range(1, 'o')
  materialize<string, boolean | string>().range('a', 'o')
  // @ts-expect-error keys are numbers
  materialize<string, number>().range('a', 'b')
  // @ts-expect-error only texts have an order here
  materialize<string, boolean | string>().range(true, 'o')
  // @ts-expect-error without keys there is no range
  materialize<string>().range(undefined, undefined)
  // @ts-expect-error both bounds
  materialize<string, number>().range(1)
})
