import type { Readable } from 'node:stream'

/**
 * Destroys a stream when a signal aborts.
 *
 * @param isError with the signal's reason
 */
export function destroyOnAbort(stream: Readable, signal: AbortSignal | undefined, isError = true): void {
  if (signal === undefined) return
  const destroy = (): void => void stream.destroy(isError ? (signal.reason as Error) : undefined)
  // Not before somebody listens, who would otherwise hear of a destroyed stream and not of the reason.
  if (signal.aborted) process.nextTick(destroy)
  signal.addEventListener('abort', destroy)
  stream.once('close', () => signal.removeEventListener('abort', destroy))
}
