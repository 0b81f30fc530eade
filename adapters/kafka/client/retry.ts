import type { Clock } from '../../../lib/clock.ts'
import type { Trouble } from '../driver.ts'
import { ClusterError, toClusterError } from './cluster-error.ts'

/** ms. The first wait, and the longest. */
const first = 20
const longest = 2_000

/** ms. What is over sooner, as an election or the end of the transaction before, is no trouble. */
const patience = 1_000

/** The end of a transaction is written while the next one begins: a matter of milliseconds. */
const brief = new Set(['CONCURRENT_TRANSACTIONS'])

/** ms. A topic that was made just now may be unknown to a broker, for so long; after that it is not there. It is looked for more often. */
const grace = 3_000
const longestDoubted = 400

const doubtful = new Set(['UNKNOWN_TOPIC_OR_PARTITION', 'UNKNOWN_TOPIC_ID', 'INCONSISTENT_TOPIC_ID'])

export interface RetryOptions {
  /** Any of them ends the waiting: what was asked for is not wanted any more. */
  readonly signals: readonly AbortSignal[]
  /** Codes that go away by themselves here, and elsewhere may not. */
  readonly also?: readonly string[]
  /** Before each further attempt. */
  readonly onFailure: (error: ClusterError) => void
  readonly onTrouble: (trouble: Trouble) => void
}

/**
 * Does something until it is done, or fails with what does not go away by itself. Waits between two attempts, longer each time, and
 * tells each failure when that has lasted for a while.
 *
 * @throws KafkaError about `what`; `unavailable` when it is not wanted any more
 */
export async function retry<Result>(
  what: string,
  work: () => Promise<Result>,
  clock: Clock,
  { signals, also = [], onFailure, onTrouble }: RetryOptions,
): Promise<Result> {
  const isUnwanted = (): boolean => signals.some(({ aborted }) => aborted)
  const since = clock.now()
  let doubtedSince: number | undefined
  for (let attempts = 1; ; attempts++) {
    if (isUnwanted()) throw closed(what)
    try {
      return await work()
    } catch (thrown) {
      const error = toClusterError(thrown)
      if (isUnwanted()) throw closed(what, thrown)
      doubtedSince = doubtful.has(error.code) ? (doubtedSince ?? clock.now()) : undefined
      const isOver = doubtedSince !== undefined && clock.now() - doubtedSince >= grace
      if (isOver || !(error.isRetriable || also.includes(error.code))) throw error.about(what)
      onFailure(error)
      if (clock.now() - since >= patience) onTrouble({ what, message: error.message, attempts })
      const longer = doubtedSince === undefined ? longest : longestDoubted
      const wait = brief.has(error.code) ? first : Math.min(longer, first * 2 ** (attempts - 1))
      await pause(clock, wait, signals)
    }
  }
}

function closed(what: string, cause?: unknown): ClusterError {
  return new ClusterError('unavailable', 'CLOSED', false, `${what}: closed`, { cause })
}

/** Waits, or until it is called off. */
function pause(clock: Clock, ms: number, signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      disarm()
      for (const signal of signals) signal.removeEventListener('abort', done)
      resolve()
    }
    const disarm = clock.at(clock.now() + ms, done)
    for (const signal of signals) signal.addEventListener('abort', done)
  })
}
