import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { readableBytes } from '../adapters/stdio/readable-bytes.ts'
import { messageOf, TidemarkError } from '../lib/errors.ts'
import { RecordingWriter } from '../lib/recording/recording-writer.ts'
import type { Call } from './call.ts'
import { UsageError } from './usage-error.ts'

/**
 * Copies standard input to standard output, and writes what came and when to a file. The first Ctrl-C ends the input, and so does a reader
 * that has gone.
 *
 * @returns the exit code
 * @throws UsageError without a file; TidemarkError `output` for one that can't be written to
 */
export async function record({ commandLine, streams, onInterrupt }: Call): Promise<number> {
  const { stdin, stdout } = streams
  const [path, ...others] = commandLine.files
  if (path === undefined || path === '-' || others.length > 0) {
    throw new UsageError(
      `record: expected one file to write to, got ${path === undefined ? 'nothing' : `'${others[0] ?? path}'`}; such as tail -F app.log | tidemark record app.tape`,
    )
  }
  const file = createWriteStream(path)
  await once(file, 'open').catch((error: unknown) => {
    throw new TidemarkError('output', `record: expected a file to write to, got ${messageOf(error)}`, { cause: error })
  })
  const ending = new AbortController()
  let isInterrupted = false
  const stopListening = onInterrupt(() => {
    isInterrupted = true
    ending.abort()
  })
  const onGone = (): void => ending.abort()
  stdout.once('close', onGone).once('error', onGone)
  const writer = new RecordingWriter(Date.now())
  const failed = new Promise<never>((_, reject) => {
    file.on('error', (error) => {
      reject(new TidemarkError('output', `record: ${path}: ${messageOf(error)}`, { cause: error }))
    })
  })
  const copy = async (): Promise<void> => {
    file.write(writer.head())
    for await (const bytes of readableBytes(stdin, ending.signal)) {
      if (!file.write(writer.piece(Date.now(), bytes))) await once(file, 'drain')
      if (!stdout.write(bytes)) await once(stdout, 'drain', { signal: ending.signal }).catch(() => {})
    }
    file.end(writer.piece(Date.now(), Buffer.alloc(0)))
    await once(file, 'close')
  }
  try {
    await Promise.race([copy(), failed])
  } finally {
    stopListening()
    stdout.off('close', onGone).off('error', onGone)
  }
  return isInterrupted ? 130 : 0
}
