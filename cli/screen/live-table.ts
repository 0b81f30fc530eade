import type { Writable } from 'node:stream'
import { Outflow } from '../../adapters/node-stream/outflow.ts'
import type { Sink } from '../../lib/sink.ts'
import type { Config } from '../config.ts'
import { rowOrder } from '../ordered.ts'
import type { Key } from '../../operators/key-by.ts'
import { type Result, type Rows, toRows } from '../rows.ts'
import type { Settled } from '../settle.ts'
import { TableLayout } from '../table-layout.ts'
import type { WindowCount } from '../window-count.ts'
import type { Part, Screen } from './screen.ts'

/** A result in its place. */
interface Row {
  readonly id: string
  result: Result
  texts: readonly string[]
  /** Taken back; the result that takes its place comes next, if there is one. */
  isGone: boolean
}

/** Tells whether results may be revised, so that there is something to be revised in place. */
export function isRevised({ trigger, allowedLateness, accumulation }: Config): boolean {
  // Each result of a window that discards is one by itself.
  return (
    accumulation !== 'discarding' && (trigger !== undefined || allowedLateness > 0 || accumulation === 'retracting')
  )
}

/**
 * Shows results as a table in which each has its row: what refines it takes its place, and what takes it back takes it away. Rows of windows
 * that are over for good move up and stay. Holds the rows of the windows that are not.
 */
export class LiveTable implements Sink<Result>, Part {
  readonly name: string
  readonly #config: Config
  readonly #screen: Screen
  readonly #stdout: Writable
  readonly #outflow: Outflow
  readonly #layout: TableLayout
  readonly #compare: (a: Result, b: Result) => number
  readonly #watermark: () => number
  readonly #windows: WindowCount
  readonly #rows = new Map<string, Row>()
  /** Those of each key, for windows of keys that grow. */
  readonly #rowsOfKeys = new Map<Key, Set<Row>>()
  /** The rows as they are shown; `undefined` if they have to be ordered first. */
  #ordered: readonly Row[] | undefined
  /** Taken back since the last frame. */
  #gone: Row[] = []
  /** The watermark when the last frame was drawn: results that it has brought about may still be on their way. */
  #passed = -Infinity
  /** Lines that stay, since the header above them. */
  #settledLines = 0

  /** @param watermark of what makes the results, now */
  constructor(
    name: string,
    stdout: Writable,
    screen: Screen,
    config: Settled,
    watermark: () => number,
    windows: WindowCount,
  ) {
    this.name = name
    this.#config = config
    this.#screen = screen
    this.#stdout = stdout
    this.#outflow = new Outflow(name, stdout)
    this.#watermark = watermark
    this.#windows = windows
    // What is taken back is gone, and needs no column.
    const rows = toRows({ ...config, accumulation: 'accumulating' })
    this.#layout = new TableLayout(rows, config, config.clock, () => screen.columns)
    this.#compare = comparison(config, rows)
    screen.add(this)
  }

  write(results: readonly Result[]): void | Promise<void> {
    this.#outflow.check()
    for (const result of results) this.#take(result)
    this.#screen.changed()
    return this.#stdout.writableNeedDrain ? this.#outflow.drained() : undefined
  }

  /** Rows that stay, because the watermark has passed whatever may still revise them. */
  settled(): readonly string[] {
    for (const row of this.#gone) if (row.isGone) this.#forget(row)
    if (this.#gone.length > 0) this.#ordered = undefined
    this.#gone = []
    const passed = this.#passed
    this.#passed = Math.max(passed, this.#watermark())
    const rows = this.#inOrder()
    const open = rows.findIndex(({ result }) => result.window.end + this.#config.allowedLateness > passed)
    const over = open === -1 ? rows : rows.slice(0, open)
    if (over.length === 0) return []
    for (const row of over) this.#forget(row)
    this.#ordered = rows.slice(over.length)
    const lines = over.map(({ texts }) => this.#layout.line(texts, false))
    const header = this.#settledLines === 0 && lines.length > 0 ? [this.#layout.header()] : []
    this.#settledLines += header.length + lines.length
    return [...header, ...lines]
  }

  lines(height: number): readonly string[] {
    const rows = this.#inOrder()
    if (rows.length === 0) return []
    const hasHeader = this.#settledLines === 0 || this.#settledLines + rows.length > height
    const room = height - Number(hasHeader)
    const isMore = rows.length > room
    const last = isMore ? rows.slice(-Math.max(0, room - 1)) : rows
    return [
      ...(hasHeader ? [this.#layout.header()] : []),
      ...(isMore ? [`… ${rows.length - last.length} more, until they are complete`] : []),
      ...last.map(({ texts, result }) => this.#layout.line(texts, result.timing === 'early')),
    ].slice(0, Math.max(0, height))
  }

  /** All that is left stays. */
  async end(): Promise<void> {
    this.close()
    await this.prepare()
  }

  /** What a checkpoint takes for written is on its way to the terminal. */
  async prepare(): Promise<void> {
    this.#outflow.write('')
    await this.#outflow.flushed()
  }

  /** What can be seen can still be seen afterwards. */
  close(): void {
    this.#passed = Infinity
    this.#screen.remove(this)
    this.#outflow.leave()
  }

  #take(result: Result): void {
    this.#windows.add(result)
    const { key, window, diff } = result
    const id = [window.start, window.end, typeof key, key].join(' ')
    const row = this.#rows.get(id)
    if (diff === -1) {
      if (row === undefined) return
      row.isGone = true
      this.#gone.push(row)
      return
    }
    const texts = this.#layout.texts(result)
    if (row === undefined) this.#add({ id, result, texts, isGone: false })
    else Object.assign(row, { result, texts, isGone: false })
    if (this.#config.sort.length > 0) this.#ordered = undefined
  }

  #add(row: Row): void {
    this.#ordered = undefined
    this.#rows.set(row.id, row)
    if (this.#config.window.kind !== 'session') return
    const { key, window } = row.result
    const rows = this.#rowsOfKeys.get(key) ?? new Set()
    // A session that has grown stands for those it has grown from.
    for (const other of rows) {
      const { start, end } = other.result.window
      if (start >= window.start && end <= window.end) this.#forget(other)
    }
    this.#rowsOfKeys.set(key, rows.add(row))
  }

  #forget(row: Row): void {
    this.#rows.delete(row.id)
    const rows = this.#rowsOfKeys.get(row.result.key)
    rows?.delete(row)
    if (rows?.size === 0) this.#rowsOfKeys.delete(row.result.key)
  }

  #inOrder(): readonly Row[] {
    return (this.#ordered ??= [...this.#rows.values()].sort((a, b) => this.#compare(a.result, b.result)))
  }
}

/** By window, and within it as asked for; what is equal stays as it came. */
function comparison(config: Config, rows: Rows): (a: Result, b: Result) => number {
  const compare = rowOrder(config, rows)
  return (a, b) => {
    const order = a.window.end - b.window.end || a.window.start - b.window.start
    return order === 0 || Number.isNaN(order) ? compare(a, b) : order
  }
}
