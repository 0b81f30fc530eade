import { show, TidemarkError } from '../../lib/errors.ts'

/** Where a socket is: a TCP port, or the path of a Unix socket. */
export type SocketAddress =
  | { readonly port: number; readonly host?: string | undefined; readonly path?: undefined }
  | { readonly path: string; readonly port?: undefined; readonly host?: undefined }

/**
 * How an address is shown: `127.0.0.1:5140`, `[::1]:5140`, `/run/log.sock`.
 *
 * @param who names the adapter in errors
 * @throws TidemarkError `invalid-argument` for what is no address
 */
export function checkedAddress(address: SocketAddress, who: string): string {
  const { port, host, path } = address
  if (typeof path === 'string' && path !== '') return path
  if (typeof port === 'number' && Number.isInteger(port) && port >= 0 && port < 65_536)
    return showHost(host ?? '127.0.0.1', port)
  throw new TidemarkError(
    'invalid-argument',
    `${who}: expected a port from 0 to 65535, or a path, got port ${show(port)} and path ${show(path)}`,
  )
}

/** A host and a port in one text. */
export function showHost(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
