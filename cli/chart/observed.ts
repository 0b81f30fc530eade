import { type MonoTypeOperatorFunction, type OperatorFunction, tap } from 'rxjs'
import type { Element, Event } from '../../lib/element.ts'
import { defineOperator } from '../../lib/wiring/operator.ts'
import type { Fields } from '../field.ts'
import type { Result } from '../rows.ts'
import type { ChartData } from './chart-data.ts'

type RecordEvent = Event<Fields, undefined, undefined>
type RecordElement = Element<Fields, undefined, undefined>

/** Notes results for a chart, and lets them pass. */
export function noted(data: ChartData): MonoTypeOperatorFunction<Result> {
  return tap((result) => data.pane(result))
}

/** Notes events and watermarks for a chart, and lets them pass. */
export function observed(data: ChartData): OperatorFunction<RecordElement, RecordElement> {
  return (source) =>
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
    })
}
