import { tap } from 'rxjs'
import type { Event } from '../../lib/element.ts'
import { defineOperator } from '../../lib/wiring/operator.ts'
import type { Key } from '../../operators/key-by.ts'
import type { Fields } from '../field.ts'
import type { Probe } from '../probe.ts'
import type { ChartData } from './chart-data.ts'

type RecordEvent = Event<Fields, Key, undefined>

/** Notes events, watermarks and results for a chart. */
export function chartProbe(data: ChartData): Probe {
  return {
    events: (source) =>
      defineOperator<RecordEvent, RecordEvent>([source], {
        name: 'chart',
        create: (context) => ({
          onEvent(event) {
            data.event(event.value, event.time, context.watermark)
            context.emit(event)
          },
          onWatermark(time) {
            data.watermark(time)
            return true
          },
        }),
      }),
    results: tap((result) => data.pane(result)),
  }
}
