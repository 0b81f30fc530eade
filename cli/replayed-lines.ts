import type { Observable } from 'rxjs'
import { generatedReader } from '../adapters/line/generated-reader.ts'
import type { DeadLetter } from '../adapters/line/dead-letter.ts'
import type { Line } from '../adapters/line/line.ts'
import { defaultMaxLineBytes, LineSplitter } from '../adapters/line/line-splitter.ts'
import type { Chunk } from '../lib/chunk-source.ts'
import type { VirtualClock } from '../lib/clock.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'
import { defineSource } from '../lib/wiring/source.ts'
import { Pacer } from './pacer.ts'
import { readRecording } from './recording-file.ts'

/**
 * Gives the lines of a recording as standard input gave them, and moves a clock on to the moments at which they came: what happens by the
 * clock happens between the same lines at any speed.
 *
 * @param speed how many times as fast as it was recorded; `Infinity` for as fast as can be
 */
export function replayedLines(
  path: string,
  clock: VirtualClock,
  speed: number,
  refused: SideOutput<DeadLetter>,
): Observable<Line> {
  async function* chunks(splitter: LineSplitter, signal: AbortSignal): AsyncGenerator<Chunk<Line>> {
    const pacer = new Pacer(clock.now(), speed)
    for await (const { time, bytes } of readRecording(path)) {
      // One after the other: what happens at an alarm may set the next.
      for (let alarm = clock.next; alarm !== undefined && alarm <= time; alarm = clock.next) {
        await pacer.until(alarm, signal)
        clock.advanceTo(alarm)
        // The job does what is due before it takes a chunk, also one of nothing.
        yield* taken([], signal)
      }
      await pacer.until(time, signal)
      if (signal.aborted) return
      clock.advanceTo(time)
      yield* taken(splitter.push(bytes), signal)
    }
    yield* taken(splitter.end(), signal)
  }

  return defineSource<Line>({
    name: 'stdin',
    open(context) {
      const splitter = new LineSplitter('stdin', defaultMaxLineBytes, context.refusals(refused))
      return generatedReader((signal) => chunks(splitter, signal))
    },
  })
}

/** Gives a chunk, and goes on when it has been taken. */
async function* taken(values: readonly Line[], signal: AbortSignal): AsyncGenerator<Chunk<Line>> {
  let onTaken = (): void => {}
  const isTaken = new Promise<void>((resolve) => (onTaken = resolve))
  signal.addEventListener('abort', onTaken, { once: true })
  yield { values, onTaken }
  if (!signal.aborted) await isTaken
  signal.removeEventListener('abort', onTaken)
}
