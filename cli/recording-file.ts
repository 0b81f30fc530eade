import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { messageOf, TidemarkError } from '../lib/errors.ts'
import { type Arrival, recordedArrivals, recordingStart } from '../lib/recording/recorded-arrivals.ts'

/**
 * Reads a recording from a file.
 *
 * @throws TidemarkError `input` for a file that can't be read or is no recording
 */
export async function* readRecording(path: string): AsyncGenerator<Arrival> {
  yield* recordedArrivals(linesOf(path), path)
}

/**
 * Finds out when a recording begins, epoch ms.
 *
 * @throws TidemarkError `input` for a file that can't be read or is no recording
 */
export async function startOfRecording(path: string): Promise<number> {
  for await (const line of linesOf(path)) return recordingStart(line, path)
  return recordingStart('', path)
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const input = createReadStream(path)
  try {
    yield* createInterface({ input, crlfDelay: Infinity })
  } catch (error) {
    throw new TidemarkError('input', `replay: expected a recording at '${path}', got ${messageOf(error)}`, {
      cause: error,
    })
  } finally {
    input.destroy()
  }
}
