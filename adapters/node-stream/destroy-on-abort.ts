import type { Readable } from 'node:stream'

/**
 * Destroys a stream when a signal aborts.
 *
 * @param isError with the signal's reason
 */
export function destroyOnAbort(stream: Readable, signal: AbortSignal | undefined, isError = true): void {
  if (signal === undefined) return
  const destroy = (): void => void stream.destroy(isError ? (signal.reason as Error) : undefined)
  if (signal.aborted) {
    destroy()
    return
  }
  signal.addEventListener('abort', destroy)
  stream.once('close', () => signal.removeEventListener('abort', destroy))
}
