import { TextSink } from '../adapters/stdio/text-sink.ts'
import type { Sink } from '../lib/sink.ts'
import type { ChartData } from './chart/chart-data.ts'
import { withHeader } from './row-format.ts'
import { type Result, toRows } from './rows.ts'
import { sizeOf, type TerminalStream } from './screen/terminal.ts'
import type { Settled } from './settle.ts'
import { standardOutput } from './standard-streams.ts'
import { toRowFormat } from './to-row-format.ts'
import type { View } from './view.ts'
import type { WindowCount } from './window-count.ts'

/** Where the results go. */
export interface Results {
  readonly sink: Sink<Result>
  close(): Promise<void>
}

/**
 * Opens what the results go to, in the form asked for.
 *
 * @throws TidemarkError `output` for a file that can't be created
 */
export async function openResults(
  config: Settled,
  stdout: TerminalStream,
  windows: WindowCount,
  view: View,
  chart?: ChartData,
): Promise<Results> {
  const { screen } = view
  if (config.output === 'chart' && chart !== undefined) {
    const { ChartSink } = await import('./chart/chart-sink.ts')
    return { sink: new ChartSink(standardOutput, stdout, chart, config, screen, windows), close: async () => {} }
  }
  if (config.output === 'table' && config.terminal.isOfResults && screen !== undefined) {
    const { isRevised, LiveTable } = await import('./screen/live-table.ts')
    if (isRevised(config)) {
      return {
        sink: new LiveTable(standardOutput, stdout, screen, config, view.watermark, windows),
        close: async () => {},
      }
    }
  }
  const width = config.terminal.isOfResults ? () => sizeOf(stdout).columns : undefined
  const format = toRowFormat(config, toRows(config), config.clock, width)
  const counted = (result: Result, write: (result: Result) => string): string => {
    windows.add(result)
    return write(result)
  }
  if (config.out === undefined) {
    const write = withHeader(format)
    const sink = new TextSink(standardOutput, stdout, (result: Result) => counted(result, write))
    const isShared = screen !== undefined && config.terminal.isOfResults
    return {
      sink: isShared ? (await import('./screen/above-screen.ts')).aboveScreen(sink, screen, format.makeRoom) : sink,
      close: async () => {},
    }
  }
  const { OutputFile } = await import('./output-file.ts')
  if (config.checkpoint === undefined) {
    const file = await OutputFile.create('out', config.out)
    const write = withHeader(format)
    return { sink: file.sink((result: Result) => counted(result, write)), close: () => file.close() }
  }
  const { headedFile } = await import('./headed-file.ts')
  return {
    sink: headedFile(config.out, { ...format, row: (result) => counted(result, format.row) }),
    close: async () => {},
  }
}
