import type * as Client from '@platformatic/kafka'
import { TidemarkError } from '../../../lib/errors.ts'

/** What is used of the package: its protocol layer, not its consumers and producers. */
export type KafkaClient = typeof Client

/**
 * Loaded when a cluster is used, so that nobody else needs the package.
 *
 * @throws TidemarkError `input` on a Node that can't run it, or where it is not installed
 */
export async function loadClient(): Promise<KafkaClient> {
  // On an older Node it may load, and fail in the middle of its work.
  if (!runsClient(process.versions.node)) {
    throw new TidemarkError(
      'input',
      `kafka: expected Node 22.22, 24.6 or later, which '@platformatic/kafka' needs, got ${process.versions.node}`,
    )
  }
  try {
    return await import('@platformatic/kafka')
  } catch (error) {
    throw new TidemarkError(
      'input',
      "kafka: expected the package '@platformatic/kafka' 2.12 to be installed, which it needs: npm install @platformatic/kafka@2.12",
      { cause: error },
    )
  }
}

/** Whether the package runs on a version of Node. */
export function runsClient(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 24 || (major === 24 && minor >= 6) || (major === 22 && minor >= 22)
}
