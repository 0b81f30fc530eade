import { formatDuration } from '../lib/time.ts'
import { scalar } from './explain-aggregates.ts'
import { type Program, quoted } from './program.ts'
import type { Settled } from './settle.ts'

const operators = 'tidemark/operators'

/** Writes what adds the columns of tables to the record `$`, as statements. */
export function explainLookups(program: Program, { lookups, tables }: Settled): readonly string[] {
  return lookups.map(({ path, keys }, i) => {
    const form = tables[i]?.form ?? 'csv'
    const others = keys.map(({ other }) => other)
    program.add(`function byKeys(rows: readonly Row[], keys: readonly string[]): ReadonlyMap<string, Row> {
  return new Map(rows.map((row) => [textKey(row, keys), row]))
}`)
    const rows = form === 'array' ? arrayRows(program, path) : lineRows(program, path, form)
    program.add(`const table${i} = byKeys(${rows}, ${JSON.stringify(others)})`)
    const names = others.map((other) => `name !== ${quoted(other)}`).join(' && ')
    const fields = keys.map(({ field }) => field)
    return `  for (const [name, value] of Object.entries(table${i}.get(${textKey(program, fields, '$')}) ?? {})) {
    if (${names} && !Object.hasOwn($, name)) $[name] = value
  }
`
  })
}

function arrayRows(program: Program, path: string): string {
  return `JSON.parse(${program.from('node:fs', 'readFileSync')}(${quoted(path)}, 'utf8')) as Row[]`
}

function lineRows(program: Program, path: string, form: 'json' | 'csv' | 'tsv'): string {
  const lines = `${program.from('tidemark/adapters/file', 'lines')}(${quoted(path)})`
  const parse = `${program.from('tidemark/adapters/format', 'parse')}<Row>(${program.from('tidemark/adapters/format', form)}())`
  return `await ${program.from('rxjs', 'lastValueFrom')}(${lines}.pipe(${parse}, ${program.from('rxjs', 'toArray')}()))`
}

/** Adds the pairs of two streams of events, as the constant `pairs`. */
export function explainJoin(program: Program, join: NonNullable<Settled['join']>, left: string, right: string): string {
  const from = (name: string): string => program.from(operators, name)
  const side = (names: readonly string[]): string =>
    `${from('filter')}((row) => ${has(program, names)}), ${from('keyBy')}((row) => ${textKey(program, names, 'row')})`
  const [fields, others] = [join.keys.map(({ field }) => field), join.keys.map(({ other }) => other)]
  const within = formatDuration(join.within)
  const name = `\`${join.prefix}\${name}\``
  program.add(`const pairs = ${left}.pipe(
  ${side(fields)},
  ${from('intervalJoin')}(${right}.pipe(${side(others)}), '-${within}', '${within}'),
  ${from('map')}(({ left, right }): Row => {
    return { ...left, ...Object.fromEntries(Object.entries(right).map(([name, value]) => [${name}, value])) }
  }),
)`)
  return 'pairs'
}

/** Writes what computes fields of pairs; what throws is left out. */
export function explainDerived(program: Program, statements: readonly string[]): string {
  program.from('tidemark/adapters/format', 'noRecord')
  program.add(`function derived($: Row): Row | typeof noRecord {\n${statements.join('')}  return $\n}`)
  return `${program.from(operators, 'flatMap')}((row) => {
    try {
      const pair = derived(row)
      return pair === noRecord ? [] : [pair]
    } catch {
      return []
    }
  })`
}

/** Adds the events without those that repeat others, as the constant `distinct`. */
export function explainDedup(
  program: Program,
  { field, within }: NonNullable<Settled['dedup']>,
  source: string,
): string {
  const from = (name: string): string => program.from(operators, name)
  const isMarked = has(program, [field])
  program.add(`const all = ${source}.pipe(${program.from('rxjs', 'share')}())`)
  program.add(`const distinct = ${from('merge')}(
  all.pipe(
    ${from('filter')}((row) => ${isMarked}),
    ${from('keyBy')}((row): string | null => ${textKey(program, [field], 'row')}),
    ${from('deduplicate')}(() => true, { within: '${formatDuration(within)}' }),
  ),
  all.pipe(${from('filter')}((row) => !(${isMarked})), ${from('keyBy')}((): string | null => null)),
).pipe(${from('keyBy')}(() => undefined))`)
  return 'distinct'
}

/** Writes what makes one key of fields, as the command does: of texts, a list or an object as its JSON. */
function textKey(program: Program, names: readonly string[], record: string): string {
  program.add(`function textKey(row: Row, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => String(${scalar(program)}(row[name]) ?? '')))
}`)
  return `textKey(${record}, [${names.map(quoted).join(', ')}])`
}

function has(program: Program, names: readonly string[]): string {
  program.add(`const has = (value: unknown): boolean => value !== undefined && value !== null && value !== ''`)
  return names.map((name) => `has(row[${quoted(name)}])`).join(' && ')
}
