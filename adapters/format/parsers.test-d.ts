import { expectTypeOf, test } from 'vitest'
import { combined } from './combined.ts'
import { common } from './common.ts'
import { csv } from './csv.ts'
import type { CombinedHit, CommonHit } from './hit.ts'
import { json } from './json.ts'
import type { Parser } from './parser.ts'
import { regex } from './regex.ts'

test('a hit has the fields asked for', () => {
  expectTypeOf(combined()).toEqualTypeOf<Parser<Pick<CombinedHit, keyof CombinedHit>>>()
  expectTypeOf(combined()).toExtend<Parser<CombinedHit>>()
  expectTypeOf(combined({})).toExtend<Parser<CombinedHit>>()
  expectTypeOf(combined({ fields: ['host', 'time'] })).toEqualTypeOf<Parser<Pick<CombinedHit, 'host' | 'time'>>>()
  expectTypeOf(common()).toExtend<Parser<CommonHit>>()
  expectTypeOf(common({ fields: ['status'] })).toEqualTypeOf<Parser<Pick<CommonHit, 'status'>>>()
})

test('fields are known by name', () => {
  // @ts-expect-error no such field
  combined({ fields: ['hots'] })
  // @ts-expect-error a field of the combined format only
  common({ fields: ['agent'] })
})

test('a row has the columns of a header that is given', () => {
  expectTypeOf(csv({ header: ['id', 'price'] })).toEqualTypeOf<Parser<Record<'id' | 'price', string>>>()
  expectTypeOf(csv()).toEqualTypeOf<Parser<Record<string, string>>>()
})

test('a record of JSON has the fields asked for', () => {
  expectTypeOf(json({ fields: ['level', 'at'], instant: 'at' })).toEqualTypeOf<
    Parser<Record<'level' | 'at', unknown>>
  >()
  expectTypeOf(json<{ at: number }>({ fields: ['at'], instant: 'at' })).toEqualTypeOf<Parser<{ at: number }>>()
  // @ts-expect-error an instant that is none of the fields of the type
  json<{ at: number }>({ fields: ['at'], instant: 'time' })
})

test('values without a type are unknown', () => {
  expectTypeOf(json()).toEqualTypeOf<Parser<unknown>>()
  expectTypeOf(json<{ a: number }>()).toEqualTypeOf<Parser<{ a: number }>>()
  expectTypeOf(regex(/(?<a>.)/)).toEqualTypeOf<Parser<Record<string, string | undefined>>>()
})
