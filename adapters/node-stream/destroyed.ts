import type { Readable, Writable } from 'node:stream'

/**
 * Destroys a Node stream, and waits until it has freed what it holds.
 *
 * @param reason why, if it is an error: whoever listens to the stream hears of it
 * @throws what goes wrong meanwhile
 */
export async function destroyed(stream: Readable | Writable, reason?: Error): Promise<void> {
  if (stream.closed) return
  const before = stream.errored ?? reason
  // Nobody else need listen.
  stream.on('error', ignore)
  await new Promise<void>((resolve) => {
    stream.once('close', resolve)
    stream.destroy(reason)
  })
  if (stream.errored !== null && stream.errored !== before) throw stream.errored
}

function ignore(): void {}
