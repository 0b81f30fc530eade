import { badValue } from './command-line.ts'
import type { Config } from './config.ts'
import { didYouMean } from './did-you-mean.ts'
import { toRows } from './rows.ts'
import { UsageError } from './usage-error.ts'

/**
 * Checks what no flag can tell by itself.
 *
 * @throws UsageError for parts that don't go together
 */
export function checkConfig(config: Config): void {
  checkFiles(config)
  checkTiming(config)
  checkChart(config)
  checkNames(config)
  checkOrder(config)
}

function checkFiles({ files, follow, listen, late, bad, out, svg, checkpoint }: Config): void {
  if (files.indexOf('-') !== files.lastIndexOf('-')) {
    throw new UsageError("FILE: expected '-' once, because standard input can't be read twice, got it again")
  }
  const writers = new Map<string, string>()
  for (const [name, path] of [
    ['out', out],
    ['late', late],
    ['bad', bad],
    ['svg', svg],
  ] as const) {
    if (path === undefined) continue
    const other = writers.get(path)
    if (other !== undefined) throw badValue(name, path, `; that is where '--${other}' writes to`)
    if (files.includes(path)) throw badValue(name, path, '; that is a file to read')
    writers.set(path, name)
  }
  if (checkpoint !== undefined && files.includes('-')) {
    throw badValue('checkpoint', checkpoint.dir, "; standard input can't be read again from there, name a FILE")
  }
  if (checkpoint !== undefined && listen.length > 0) {
    throw badValue(
      'checkpoint',
      checkpoint.dir,
      "; what comes from --listen can't be read again, leave one of them out",
    )
  }
  if (follow !== undefined && files.every((file) => file === '-')) {
    throw new UsageError('--follow: expected a FILE to follow, got none; standard input is read as it comes anyway')
  }
}

function checkTiming({ window, windowText, trigger, accumulation, allowedLateness, aggregates }: Config): void {
  if (window.kind === 'count') {
    const flag =
      trigger !== undefined
        ? 'trigger'
        : allowedLateness > 0
          ? 'allowed-lateness'
          : accumulation === 'accumulating'
            ? undefined
            : 'mode'
    if (flag !== undefined) {
      throw badValue('window', windowText, `; a window of a number of events has one result, leave out --${flag}`)
    }
  }
  if (window.kind === 'none' && aggregates.some(({ fn }) => fn === 'rate')) {
    throw badValue('agg', 'rate()', '; the whole input has no length, give --window a length such as 1h')
  }
  if (trigger?.kind === 'around' && trigger.late !== undefined && allowedLateness === 0) {
    throw badValue('trigger', trigger.text, '; nothing is late without --allowed-lateness DUR, give that too')
  }
}

function checkChart({ output, out, svg, checkpoint }: Config): void {
  if (output === 'chart' && out !== undefined) {
    throw badValue('out', out, '; a chart is drawn on standard output, --svg FILE writes it as a picture')
  }
  if (checkpoint !== undefined && (output === 'chart' || svg !== undefined)) {
    const flag = svg === undefined ? 'output chart' : 'svg'
    throw badValue('checkpoint', checkpoint.dir, `; a chart is of one run, leave out --${flag}`)
  }
}

/** Names of results must differ from each other and from those that every result has. */
function checkNames(config: Config): void {
  const { by, aggregates } = config
  const taken = new Set<string>(toRows(config).own)
  for (const field of by) {
    if (taken.has(field)) throw badValue('by', field, '; there is one of that name already')
    taken.add(field)
  }
  for (const { name, call } of aggregates) {
    if (taken.has(name)) throw badValue('agg', `${name}=${call}`, `; there is a '${name}' already, write OTHER=${call}`)
    taken.add(name)
  }
}

function checkOrder(config: Config): void {
  const { sort, limit, accumulation, trigger } = config
  const known = toRows(config).columns
  for (const { column } of sort) {
    if (known.includes(column)) continue
    throw badValue('sort', column, `; there are ${known.join(' ')}${didYouMean(column, known)}`)
  }
  if (sort.length === 0 && limit === undefined) return
  const flag = sort.length === 0 ? 'limit' : 'sort'
  // What has been shown can't be put into order, or be one too many, any more.
  if (accumulation === 'retracting') throw badValue('mode', 'retract', `; leave out --${flag}, or use accumulate`)
  if (trigger !== undefined)
    throw badValue('trigger', trigger.text, `; leave out --${flag}, which is for complete windows`)
}
