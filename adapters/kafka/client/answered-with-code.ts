import { answeredWith, type ClusterError } from './cluster-error.ts'
import type { KafkaClient } from './load-client.ts'

/** Makes an error of a code in an answer that the package has not read. */
export function answeredWithCode(client: KafkaClient, code: number, said?: string): ClusterError {
  const names: Readonly<Record<string, string>> = client.protocolErrorsCodesById
  const errors: Readonly<Record<string, { readonly message: string; readonly canRetry: boolean }>> =
    client.protocolErrors
  const name = names[code] ?? `ERROR_${code}`
  const { message, canRetry } = errors[name] ?? { message: 'an error without a name', canRetry: false }
  return answeredWith(name, canRetry, said ?? message)
}
