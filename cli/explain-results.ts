import { formatDuration } from '../lib/time.ts'
import { type Program, property, quoted } from './program.ts'
import { type OwnColumn, toRows } from './rows.ts'
import type { Settled } from './settle.ts'

const own: Readonly<Record<OwnColumn, string>> = {
  op: "result.diff === 1 ? '+' : '-'",
  window_start: 'new Date(result.window.start).toISOString()',
  window_end: 'new Date(result.window.end).toISOString()',
  pane: 'result.timing',
}

/** Adds what becomes of the results: rows of NDJSON, and the job that writes them. */
export function explainResults(program: Program, config: Settled): void {
  const { by, aggregates, sort, limit } = config
  const keys = by.map((name, i) => [name, by.length === 1 ? 'result.key' : `JSON.parse(result.key)[${i}]`])
  const values = aggregates.map(({ name, fn }) => {
    const value = `result.value[${quoted(name)}]`
    return [name, fn === 'rate' ? `(${value} * 1000) / (result.window.end - result.window.start)` : `${value} ?? null`]
  })
  const columns = [...toRows(config).own.map((column) => [column, own[column]]), ...keys, ...values]
  const members = columns.map(([name = '', value = '']) => `    ${property(name)}: ${value},\n`).join('')
  program.from('rxjs', 'type ObservedValueOf')
  program.add(`type Result = ObservedValueOf<typeof results>`)
  program.add(`const row = (result: Result) => {\n  return {\n${members}  }\n}`)
  if (sort.length === 0 && limit === undefined) runInto(program, config)
  else runInOrder(program, config)
}

function runInto(program: Program, config: Settled): void {
  const line = '(result) => JSON.stringify(row(result))'
  const { out } = config
  const sink =
    out === undefined
      ? `${program.from('tidemark/adapters/stdio', 'text')}(process.stdout, ${line})`
      : `${program.from('tidemark/adapters/file', 'textFile')}(${quoted(out)}, ${line})`
  runRoutes(program, config, sink)
}

/** At the end, because only then the results of a window are all there. */
function runInOrder(program: Program, config: Settled): void {
  const { sort, limit } = config
  const { columns } = toRows(config)
  runRoutes(program, config, '(result) => void all.push(result)', 'const all: Result[] = []\n')
  const compare = sort.map(
    ({ column, isDescending }) => `compare(a[${quoted(column)}], b[${quoted(column)}], ${isDescending ? -1 : 1})`,
  )
  if (columns.length > 0 && sort.length > 0) {
    program.add(`function compare(a: unknown, b: unknown, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return a === b ? 0 : (a as number) < (b as number) ? -sign : sign
}`)
  }
  const sorted = sort.length === 0 ? '' : `.toSorted((a: Row, b: Row) => ${compare.join(' || ')})`
  const limited = limit === undefined ? '' : `.slice(0, ${limit})`
  program.add(`const groups = new Map<string, Row[]>()
for (const result of all) {
  const id = JSON.stringify([result.window, result.index])
  groups.set(id, [...(groups.get(id) ?? []), row(result)])
}
for (const rows of groups.values()) {
  for (const each of rows${sorted}${limited}) console.log(JSON.stringify(each))
}`)
}

function runRoutes(program: Program, { late, bad, checkpoint }: Settled, to: string, before = ''): void {
  const run = program.from('tidemark', 'run')
  const options =
    checkpoint === undefined
      ? ''
      : `, { checkpoint: { dir: ${quoted(checkpoint.dir)}, every: '${formatDuration(checkpoint.every)}' } }`
  const sides = [
    ...(late === undefined ? [] : [['late', late] as const]),
    ...(bad === undefined ? [] : [['bad', bad] as const]),
  ]
  if (sides.length === 0) {
    program.add(`${before}await ${run}(results, ${to}${options}).done`)
    return
  }
  const route = program.from('tidemark', 'route')
  const file = program.from('tidemark/adapters/file', 'ndjsonFile')
  const routes = [
    `${route}(results, ${to})`,
    ...sides.map(([name, path]) => `${route}(${name}, ${file}(${quoted(path)}))`),
  ]
  program.add(`${before}await ${run}([${routes.join(', ')}]${options}).done`)
}
