import type { Writable } from 'node:stream'
import { Outflow } from '../../adapters/node-stream/outflow.ts'
import type { Sink } from '../../lib/sink.ts'
import type { Result } from '../rows.ts'
import type { Part, Screen } from '../screen/screen.ts'
import type { Settled } from '../settle.ts'
import type { WindowCount } from '../window-count.ts'
import type { ChartData } from './chart-data.ts'
import { drawChart } from './draw-chart.ts'

/** Lines of a chart, at most: more would make it tall and say nothing new. */
const tallest = 32
/** Where there is no terminal to ask. */
const usual = { columns: 100, rows: 28 }

/** Shows a chart in place of the results: on a terminal as it grows, elsewhere when it is complete. */
export class ChartSink implements Sink<Result>, Part {
  readonly name: string
  readonly #data: ChartData
  readonly #config: Settled
  readonly #screen: Screen | undefined
  readonly #outflow: Outflow
  readonly #windows: WindowCount
  #isOver = false

  constructor(
    name: string,
    stdout: Writable,
    data: ChartData,
    config: Settled,
    screen: Screen | undefined,
    windows: WindowCount,
  ) {
    this.name = name
    this.#data = data
    this.#config = config
    this.#screen = config.terminal.isOfResults ? screen : undefined
    this.#outflow = new Outflow(name, stdout)
    this.#windows = windows
    if (this.#screen === undefined) return
    this.#screen.add(this)
    data.onChange = this.#screen.changed
  }

  write(results: readonly Result[]): void {
    this.#outflow.check()
    for (const result of results) this.#windows.add(result)
  }

  settled(): readonly string[] {
    return this.#isOver && this.#screen !== undefined ? this.#drawn(this.#screen.rows - 1) : []
  }

  lines(height: number): readonly string[] {
    return this.#isOver || this.#data.arrived === 0 || height < 8 ? [] : this.#drawn(height)
  }

  async end(): Promise<void> {
    const { columns, rows } = usual
    const { isColored, clock } = this.#config
    if (this.#screen === undefined) {
      const lines = drawChart(this.#data, { columns, rows, isColored, clock })
      this.#outflow.write(lines.map((line) => `${line}\n`).join(''))
    }
    this.close()
    await this.#outflow.flushed()
  }

  close(): void {
    this.#isOver = true
    this.#screen?.remove(this)
    this.#outflow.leave()
  }

  #drawn(height: number): readonly string[] {
    const { isColored, clock } = this.#config
    const columns = this.#screen?.columns ?? usual.columns
    return drawChart(this.#data, { columns, rows: Math.min(tallest, height), isColored, clock })
  }
}
