import { route, type Route } from '../../lib/run.ts'
import { OutputFile } from '../output-file.ts'
import type { Pipeline } from '../pipeline.ts'
import type { Settled } from '../settle.ts'
import type { Probe } from '../probe.ts'
import { ChartData } from './chart-data.ts'
import { chartProbe } from './chart-probe.ts'
import { chartSvg } from './chart-svg.ts'

/** A chart that a job draws. */
export interface Chart {
  readonly data: ChartData
  readonly probe: Probe
  /** What else of the pipeline it has to know. */
  routes(pipeline: Pipeline): readonly Route[]
  /** Writes the picture, if there is to be one. */
  write(): Promise<void>
  close(): Promise<void>
}

/**
 * Makes what the chart of a job is drawn from, and the file for the picture.
 *
 * @throws TidemarkError `output` for a file that can't be created
 */
export async function openChart({ svg, by, clock }: Settled): Promise<Chart> {
  const data = new ChartData(by.length > 0)
  const file = svg === undefined ? undefined : await OutputFile.create('svg', svg)
  return {
    data,
    probe: chartProbe(data),
    routes: (pipeline) => [route(pipeline.late, ({ value }) => data.late(value))],
    async write() {
      const sink = file?.sink((picture: string) => picture.trimEnd())
      await sink?.write([chartSvg(data, clock)])
      await sink?.end?.()
    },
    async close() {
      await file?.close()
    },
  }
}
