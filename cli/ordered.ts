import type { OperatorFunction } from 'rxjs'
import { compare } from '../lib/aggregates/compare.ts'
import type { Element, Event, Diff } from '../lib/element.ts'
import { WaitingEvents } from '../lib/keyed/waiting-events.ts'
import type { PaneInfo } from '../lib/window.ts'
import { defineOperator } from '../lib/wiring/operator.ts'
import type { Key } from '../operators/key-by.ts'
import type { Config } from './config.ts'
import { type Result, type Rows, toRows } from './rows.ts'

type Value = readonly unknown[]
type ResultEvent = Event<Value, Key, PaneInfo, Diff>

/**
 * Puts the results of each window into the order that was asked for, and lets so many of them pass. They leave with the watermark that has
 * passed them, and so do those for late events. Holds the results of the windows that are complete together.
 */
export function ordered(
  config: Pick<Config, 'sort' | 'limit'> & Parameters<typeof toRows>[0],
): OperatorFunction<Element<Value, Key, PaneInfo, Diff>, Element<Value, Key, PaneInfo, Diff>> {
  const { limit = Infinity } = config
  const rank = ranking(config, toRows(config))
  return (source) =>
    defineOperator<ResultEvent, ResultEvent>([source], {
      name: 'ordered',
      create(context) {
        const waiting = new WaitingEvents<ResultEvent>(context.dirty)
        return {
          saved: { version: 1, ...waiting.saved },
          onEvent: (result) => waiting.push(result),
          onWatermark(time) {
            const complete: ResultEvent[] = []
            for (let next = waiting.takeBefore(time); next !== undefined; next = waiting.takeBefore(time))
              complete.push(next)
            // All at once, because they are here already, and none of them must be left behind by a checkpoint.
            for (const group of byWindow(complete)) {
              for (const [i, result] of rank(group).entries()) {
                if (i < limit) context.emit(result)
                else context.counters.filtered += 1
              }
            }
            return true
          },
          held: () => waiting.size,
          entries: () => waiting.size,
        }
      },
    })
}

function byWindow(results: readonly ResultEvent[]): Iterable<ResultEvent[]> {
  const groups = new Map<string, ResultEvent[]>()
  for (const result of results) {
    const { window, index } = result.pane
    const id = [window.start, window.end, index].join(' ')
    const group = groups.get(id)
    if (group === undefined) groups.set(id, [result])
    else group.push(result)
  }
  return groups.values()
}

/** Those that are equal stay as they came; what is not there comes last. */
function ranking(config: Pick<Config, 'sort'>, rows: Rows): (results: ResultEvent[]) => ResultEvent[] {
  if (config.sort.length === 0) return (results) => results
  const compareCells = cellOrder(config, rows)
  return (results) => {
    const all = results.map((result) => ({ result, values: rows.cells({ ...result.pane, ...result }) }))
    all.sort((a, b) => compareCells(a.values, b.values))
    return all.map(({ result }) => result)
  }
}

/** Compares results as `--sort` asks. */
export function rowOrder(config: Pick<Config, 'sort'>, rows: Rows): (a: Result, b: Result) => number {
  const compareCells = cellOrder(config, rows)
  return config.sort.length === 0 ? () => 0 : (a, b) => compareCells(rows.cells(a), rows.cells(b))
}

function cellOrder({ sort }: Pick<Config, 'sort'>, { columns }: Rows): (a: Value, b: Value) => number {
  const keys = sort.map(({ column, isDescending }) => ({ at: columns.indexOf(column), sign: isDescending ? -1 : 1 }))
  return (a, b) => {
    for (const { at, sign } of keys) {
      const order = compared(a[at], b[at], sign)
      if (order !== 0) return order
    }
    return 0
  }
}

function compared(a: unknown, b: unknown, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return sign * compare(a, b)
}
