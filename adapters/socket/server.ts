import { lstat, rm } from 'node:fs/promises'
import { connect, type Server } from 'node:net'
import { hasCode } from '../../lib/state/files.ts'
import type { SocketAddress } from './socket-address.ts'

/** Where a server listens. */
export interface BoundAddress {
  readonly host: string | undefined
  readonly port: number | undefined
  readonly path: string | undefined
}

/**
 * Lets a server listen. A Unix socket that was left over by a process which was killed is removed.
 *
 * @throws why it can't
 */
export async function bound(server: Server, address: SocketAddress): Promise<BoundAddress> {
  try {
    await listening(server, address)
  } catch (error) {
    if (address.path === undefined || !hasCode(error, 'EADDRINUSE') || !(await isLeftOver(address.path))) throw error
    await rm(address.path)
    await listening(server, address)
  }
  // What goes wrong from now on, such as too many open files, concerns single connections.
  server.on('error', () => {})
  const at = server.address()
  if (at === null || typeof at === 'string') return { host: undefined, port: undefined, path: address.path }
  return { host: at.address, port: at.port, path: undefined }
}

/** Lets a server listen no more. Does not wait for connections. */
export async function closed(server: Server): Promise<void> {
  if (!server.listening) return
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
}

function listening(server: Server, { path, port, host = '127.0.0.1' }: SocketAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path === undefined ? { port, host } : { path }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Nobody listens there any more. */
async function isLeftOver(path: string): Promise<boolean> {
  if (!(await lstat(path)).isSocket()) return false
  return new Promise((resolve) => {
    const socket = connect({ path })
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', (error) => resolve(hasCode(error, 'ECONNREFUSED')))
  })
}
