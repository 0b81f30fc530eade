import { formatDuration } from '../lib/time.ts'
import type { Derivation } from './derivation.ts'
import type { FormatSpec } from './format-spec.ts'
import { explainDedup, explainDerived, explainJoin, explainLookups } from './explain-joins.ts'
import { explainInput } from './explain-inputs.ts'
import { explainAggregate, scalar } from './explain-aggregates.ts'
import { explainResults } from './explain-results.ts'
import type { Input } from './inputs.ts'
import { explainTrigger, explainWindows } from './explain-windows.ts'
import { Program, property, quoted } from './program.ts'
import type { Settled } from './settle.ts'
import { timeUnits } from './time-spec.ts'
import { UsageError } from './usage-error.ts'

const operators = 'tidemark/operators'
const formats = 'tidemark/adapters/format'

/**
 * Writes the program that an application would have in place of the command: it gives the same results, as NDJSON with times in UTC.
 *
 * @throws UsageError for a pattern of times, which has no place among the functions of the package
 */
export function explain(config: Settled): string {
  const program = new Program()
  program.add(
    '// oxlint-disable-next-line typescript/no-explicit-any -- what the fields hold, the lines decide.\ntype Row = Record<string, any>',
  )
  const { inputs, join, joined, dedup } = config
  const steps = [...explainLookups(program, config), ...config.derivations.map(explainDerivation)]
  let source = explainEvents(program, config, inputs, joined === undefined ? steps : [], '')
  if (join !== undefined && joined !== undefined) {
    const second = explainEvents(program, { ...config, ...joined }, joined.inputs, [], 'OfSecond')
    source = explainJoin(program, join, source, second)
    const rekeyed = `${program.from(operators, 'keyBy')}(() => undefined)`
    const derived = steps.length === 0 ? [] : [explainDerived(program, steps)]
    source = `${source}.pipe(${[...derived, rekeyed].join(', ')})`
  }
  if (dedup !== undefined) source = explainDedup(program, dedup, source)
  const last = [...explainKey(program, config), explainWindow(program, config), `${program.from(operators, 'panes')}()`]
  program.add(`const results = ${source}.pipe(\n${last.map((step) => `  ${step},\n`).join('')})`)
  explainResults(program, config)
  return program.toString()
}

/** Writes the events of inputs; what computes fields and leaves out records is given as statements about `$`. */
function explainEvents(
  program: Program,
  config: Settled,
  inputs: readonly Input[],
  steps: readonly string[],
  suffix: string,
): string {
  const parsed = explainParser(program, config, steps, suffix)
  const timed = explainTime(program, config, suffix)
  const { multiline } = config
  const start =
    multiline === undefined ? '' : `    ${program.from(formats, 'multiline')}({ start: ${String(multiline)} }),\n`
  program.from('tidemark/adapters/file', 'type Line')
  program.from('rxjs', 'type Observable')
  program.add(
    `const events${suffix} = (source: Observable<Line>) =>\n  source.pipe(\n${start}    ${parsed},\n    ${timed},\n  )`,
  )
  const all = inputs.map((input) => `events${suffix}(${explainInput(program, input)})`)
  return all.length === 1 ? all.join('') : `${program.from(operators, 'merge')}(${all.join(', ')})`
}

function explainParser(
  program: Program,
  { format, isStrict, bad, zone }: Settled,
  steps: readonly string[],
  suffix: string,
): string {
  const parse = program.from(formats, 'parse')
  const side = bad === undefined ? [] : ['refused: bad']
  if (bad !== undefined) {
    program.from(formats, 'type DeadLetter')
    program.add(`const bad = ${program.from('tidemark', 'sideOutput')}<DeadLetter>('lines that do not parse')`)
  }
  const settings = [...side, ...(isStrict ? ['strict: true'] : [])]
  const options = settings.length === 0 ? '' : `, { ${settings.join(', ')} }`
  const name = program.from(formats, format.kind === 'apache-error' ? 'apacheError' : format.kind)
  const made = explainFormat(name, format, zone)
  if (steps.length === 0 && format.kind !== 'json') return `${parse}<Row>(${made}${options})`
  for (const each of ['noRecord', 'Unparsable']) program.from(formats, each)
  program.from('tidemark/adapters/file', 'type Line')
  const object =
    "  if (typeof $ !== 'object' || $ === null || Array.isArray($)) throw new Error('expected an object')\n"
  program.add(`const parser${suffix} = ${made}

/** What it throws is why a line is refused. */
function read${suffix}(line: Line): Row {
  const $: Row | Unparsable | typeof noRecord = parser${suffix}.parse(line)
  if ($ === noRecord || $ instanceof Unparsable) return $ as never
${format.kind === 'json' ? object : ''}${steps.join('')}  return $
}`)
  return `${parse}(read${suffix}${options})`
}

function explainFormat(name: string, format: FormatSpec, zone: string): string {
  if (format.kind === 'regex') return `${name}(${String(format.pattern)})`
  if ((format.kind === 'syslog' || format.kind === 'apache-error') && zone !== 'UTC')
    return `${name}({ zone: ${quoted(zone)} })`
  return format.kind === 'json' ? `${name}<Row>()` : `${name}()`
}

function explainDerivation({ name, expression, fields }: Derivation): string {
  const own = (fields ?? []).filter((field) => field !== '$')
  const known = own.length === 0 ? '' : `    const { ${own.join(', ')} } = $\n`
  const step =
    name === undefined ? `if (!(${expression})) return noRecord as never` : `$[${quoted(name)}] = ${expression}`
  return `  {\n${known}    ${step}\n  }\n`
}

function explainTime(
  program: Program,
  { time: { field, format }, parsing, disorder, idle }: Settled,
  suffix: string,
): string {
  const assign = program.from(operators, 'assignTimestamps')
  const read = `row[${quoted(field)}]`
  const unit = timeUnits.find((known) => known === format)
  let timeOf = `(row) => ${read}`
  if (unit !== undefined)
    timeOf = `(row) => Math.floor(Number(${read})${{ s: ' * 1000', ms: '', us: ' / 1e3', ns: ' / 1e6' }[unit]})`
  else if (format !== undefined && format !== 'iso') {
    throw new UsageError(`--explain: the pattern ${format} of --time has no place in a program, leave one of them out`)
  } else if (!parsing.hasTimes || field !== 'time') {
    const parse = program.from(formats, 'parseInstant')
    program.add(
      `function timeOf${suffix}(row: Row): number {\n  const time = ${parse}(${read})\n  return typeof time === 'number' ? time : NaN\n}`,
    )
    timeOf = `timeOf${suffix}`
  }
  const options = idle === undefined ? '' : `, { idleTimeout: '${formatDuration(idle)}' }`
  const strategy =
    disorder === Infinity
      ? `${program.from('tidemark', 'punctuated')}(() => undefined${options})`
      : `${program.from('tidemark', 'boundedOutOfOrderness')}('${formatDuration(disorder)}'${options})`
  const untimed = `{ untimed: ${program.from('tidemark', 'sideOutput')}('records without a time') }`
  return `${assign}(${timeOf}, ${strategy}, ${untimed})`
}

function explainKey(program: Program, { by }: Settled): readonly string[] {
  if (by.length === 0) return []
  const keyBy = program.from(operators, 'keyBy')
  const values = by.map((name) => `${scalar(program)}(row[${quoted(name)}]) ?? null`)
  const key = by.length === 1 ? values.join('') : `JSON.stringify([${values.join(', ')}])`
  return [`${keyBy}((row) => ${key})`]
}

function explainWindow(program: Program, config: Settled): string {
  const { aggregates, allowedLateness, accumulation, trigger, late, by } = config
  const made = aggregates.map((spec) => `${property(spec.name)}: ${explainAggregate(program, spec)}`)
  if (late !== undefined) {
    const key = by.length === 0 ? 'undefined' : by.length === 1 ? 'string | number | bigint | boolean | null' : 'string'
    for (const name of ['type Event', 'sideOutput']) program.from('tidemark', name)
    program.add(`const late = sideOutput<Event<Row, ${key}, undefined>>('late events')`)
  }
  const settings = [
    ...(allowedLateness > 0 ? [`allowedLateness: '${formatDuration(allowedLateness)}'`] : []),
    ...(accumulation === 'accumulating' ? [] : [`accumulation: '${accumulation}'`]),
    ...(trigger === undefined ? [] : [`trigger: ${explainTrigger(program, trigger, allowedLateness)}`]),
    ...(late === undefined ? [] : ['late']),
  ]
  const options = settings.length === 0 ? '' : `, { ${settings.join(', ')} }`
  return `${program.from(operators, 'window')}(${explainWindows(program, config.window)}, { ${made.join(', ')} }${options})`
}
