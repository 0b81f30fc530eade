import { isDeepStrictEqual } from 'node:util'
import { calm, type Case } from '../case.ts'
import { codeOf } from './code-of.ts'

/** A test of one case, to be pasted where `pipeline` and `options` are what was checked. */
export function regressionCode(name: string, of: Case<unknown>): string {
  const plain: Case<unknown> = calm(of.events)
  const events = of.events.map(({ value, time, delay }) => `      ${codeOf({ value, time, delay })},`)
  const parts = Object.entries(of).flatMap(([part, value]) => {
    const isPlain = part === 'events' || isDeepStrictEqual(value, plain[part as keyof Case<unknown>])
    return isPlain ? [] : [`    ${part}: ${codeOf(value)},`]
  })
  const list = events.length === 0 ? ['    events: [],'] : ['    events: [', ...events, '    ],']
  return [`test(${codeOf(name)}, () =>`, `  checkCase(pipeline, options, {`, ...list, ...parts, `  }))`].join('\n')
}
