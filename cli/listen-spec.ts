import { badValue } from './command-line.ts'

/** Where to listen for lines. */
export type ListenSpec =
  | { readonly kind: 'tcp' | 'udp'; readonly port: number; readonly host?: string }
  | { readonly kind: 'unix'; readonly path: string }

/**
 * Reads `tcp://HOST:PORT`, `udp://HOST:PORT`, in both of which the host may be left out, and `unix:PATH`.
 *
 * @throws UsageError for what is no such address
 */
export function parseListen(text: string): ListenSpec {
  const { path } = /^unix:(?:\/\/(?=\/))?(?<path>.+)$/.exec(text)?.groups ?? {}
  if (path !== undefined) return { kind: 'unix', path }
  const { kind, host, port } =
    /^(?<kind>tcp|udp):\/\/(?<host>[^:/[\]]*|\[[\d:a-f.%]+\]):(?<port>\d{1,5})$/i.exec(text)?.groups ?? {}
  const number = Number(port)
  if (kind === undefined || host === undefined || number > 65_535) throw badValue('listen', text)
  const bare = host.startsWith('[') ? host.slice(1, -1) : host
  return { kind: kind === 'tcp' ? 'tcp' : 'udp', port: number, ...(bare !== '' && { host: bare }) }
}
