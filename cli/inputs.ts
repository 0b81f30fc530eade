import { stat } from 'node:fs/promises'
import { showHost } from '../adapters/socket/socket-address.ts'
import type { Config, ReplaySpec } from './config.ts'
import type { ListenSpec } from './listen-spec.ts'

/** Where lines come from. */
export type Input =
  | { readonly kind: 'stdin' }
  | { readonly kind: 'file'; readonly path: string }
  /** By its name, or by a glob. */
  | { readonly kind: 'followed'; readonly path: string; readonly from: 'start' | 'end' }
  | (ReplaySpec & { readonly kind: 'recording' })
  | ListenSpec

/** What of a configuration the inputs are. */
type InputConfig = Pick<Config, 'files' | 'follow' | 'listen' | 'replay'>

/**
 * Finds the inputs that a configuration means. Those that are followed need not be there yet.
 *
 * @throws TidemarkError `input` for files that are not there
 */
export async function toInputs({ files, follow, listen, replay }: InputConfig): Promise<readonly Input[]> {
  if (replay !== undefined) return [{ kind: 'recording', ...replay }]
  const paths = follow === undefined ? await expanded(files) : files
  return [
    ...paths.map((path): Input => {
      if (path === '-') return { kind: 'stdin' }
      return follow === undefined ? { kind: 'file', path } : { kind: 'followed', path, from: follow }
    }),
    ...listen,
  ]
}

/** How an input is called in messages. */
export function nameOfInput(input: Input): string {
  switch (input.kind) {
    case 'stdin':
      return '-'
    case 'file':
    case 'followed':
    case 'recording':
      return input.path
    case 'unix':
      return `unix:${input.path}`
    default:
      return `${input.kind}://${showHost(input.host ?? '', input.port)}`
  }
}

/** Tells whether all of them end. */
export async function areFiles(inputs: readonly Input[]): Promise<boolean> {
  for (const input of inputs) if (input.kind !== 'file' || !(await stat(input.path)).isFile()) return false
  return true
}

/** Not to be expanded: standard input alone, which needs nothing loaded. */
async function expanded(files: readonly string[]): Promise<readonly string[]> {
  if (files.every((file) => file === '-')) return files
  const { expandPaths } = await import('../adapters/file/expand-paths.ts')
  return await expandPaths(files)
}
