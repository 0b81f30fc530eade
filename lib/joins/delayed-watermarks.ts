import type { AnyEvent, EventStream } from '../element.ts'
import { connectStream, isInsertOnlyStream, StreamFlow } from '../wiring/flow.ts'

/**
 * Holds the watermarks of a stream back, whose events leave up to that much behind the watermarks that came in, so that none
 * of them is late for what follows.
 *
 * @param delay ms
 */
export function delayedWatermarks<E extends AnyEvent>(stream: EventStream<E>, delay: number): EventStream<E> {
  if (delay === 0) return stream
  return new StreamFlow<E>(
    (receiver, job, teardown) =>
      connectStream(
        stream,
        {
          event: (event) => receiver.event(event),
          watermark: (time) => receiver.watermark(time - delay),
          idle: () => receiver.idle(),
          active: () => receiver.active(),
          end: () => receiver.end(),
        },
        job,
        teardown,
      ),
    isInsertOnlyStream(stream),
  )
}
