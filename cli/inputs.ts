import { stat } from 'node:fs/promises'
import { expandPaths } from '../adapters/file/expand-paths.ts'
import { showHost } from '../adapters/socket/socket-address.ts'
import type { Config, ReplaySpec } from './config.ts'
import type { KafkaSpec } from './kafka-spec.ts'
import type { ListenSpec } from './listen-spec.ts'

/** Where lines come from. */
export type Input =
  | { readonly kind: 'stdin' }
  | { readonly kind: 'file'; readonly path: string }
  /** By its name, or by a glob. */
  | { readonly kind: 'followed'; readonly path: string; readonly from: 'start' | 'end' }
  | (ReplaySpec & { readonly kind: 'recording' })
  | ListenSpec
  /** What is there, or, followed, also what is to come. */
  | (KafkaSpec & { readonly follow: 'start' | 'end' | undefined })

/** What of a configuration the inputs are. */
type InputConfig = Pick<Config, 'files' | 'follow' | 'listen' | 'kafka' | 'replay'>

/**
 * Finds the inputs that a configuration means. Those that are followed need not be there yet.
 *
 * @throws TidemarkError `input` for files that are not there
 */
export async function toInputs({ files, follow, listen, kafka, replay }: InputConfig): Promise<readonly Input[]> {
  if (replay !== undefined) return [{ kind: 'recording', ...replay }]
  const paths = follow === undefined ? await expandPaths(files) : files
  return [
    ...paths.map((path): Input => {
      if (path === '-') return { kind: 'stdin' }
      return follow === undefined ? { kind: 'file', path } : { kind: 'followed', path, from: follow }
    }),
    ...listen,
    ...kafka.map((topic): Input => ({ ...topic, follow })),
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
    case 'kafka':
      return `${input.brokers.join(',')}/${input.topic}`
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
