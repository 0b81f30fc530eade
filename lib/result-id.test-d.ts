import { expectTypeOf, test } from 'vitest'
import type { Change } from '../operators/index.ts'
import type { Event } from './element.ts'
import { resultId } from './result-id.ts'
import type { PaneInfo } from './window.ts'

test('a pane is told apart where there is one', () => {
  expectTypeOf(resultId('hits', {} as Event<number, string, PaneInfo>, 'pane')).toBeString()
  expectTypeOf(resultId('hits', {} as Change<number, string>)).toBeString()
  // @ts-expect-error: an aggregate without windows has no panes
  resultId('hits', {} as Change<number, string>, 'pane')
})
