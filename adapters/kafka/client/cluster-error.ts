import { messageOf } from '../../../lib/errors.ts'
import { KafkaError, type KafkaErrorKind } from '../kafka-error.ts'

/** A failure of a request, with what the protocol says of it. */
export class ClusterError extends KafkaError {
  /** The name the protocol has for it, such as `NOT_COORDINATOR`; `NETWORK` when there was no answer. */
  readonly code: string
  /** It goes away by itself, and nothing wrong comes of asking again. */
  readonly isRetriable: boolean
  /** The whole answer, where the request was answered. */
  readonly response: unknown

  constructor(
    kind: KafkaErrorKind,
    code: string,
    isRetriable: boolean,
    message: string,
    options: ErrorOptions & { response?: unknown } = {},
  ) {
    super(kind, message, options)
    this.name = 'KafkaError'
    this.code = code
    this.isRetriable = isRetriable
    this.response = options.response
  }

  /** The same for whoever has asked, and what it was about: by then it does not go away by itself. */
  about(what: string): ClusterError {
    return new ClusterError(this.kind, this.code, false, `${what}: ${this.message}`, {
      cause: this.cause,
      response: this.response,
    })
  }
}

const kinds: Readonly<Record<string, KafkaErrorKind>> = {
  OFFSET_OUT_OF_RANGE: 'out-of-range',
  CORRUPT_MESSAGE: 'corrupt',
  UNKNOWN_TOPIC_OR_PARTITION: 'unknown-topic',
  UNKNOWN_TOPIC_ID: 'unknown-topic',
  INCONSISTENT_TOPIC_ID: 'unknown-topic',
  INVALID_TOPIC_EXCEPTION: 'unknown-topic',
  MESSAGE_TOO_LARGE: 'too-large',
  RECORD_LIST_TOO_LARGE: 'too-large',
  TOPIC_AUTHORIZATION_FAILED: 'refused',
  GROUP_AUTHORIZATION_FAILED: 'refused',
  CLUSTER_AUTHORIZATION_FAILED: 'refused',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'refused',
  DELEGATION_TOKEN_AUTHORIZATION_FAILED: 'refused',
  SASL_AUTHENTICATION_FAILED: 'refused',
  UNSUPPORTED_SASL_MECHANISM: 'refused',
  ILLEGAL_SASL_STATE: 'refused',
  INVALID_PRODUCER_EPOCH: 'fenced',
  PRODUCER_FENCED: 'fenced',
  INVALID_PRODUCER_ID_MAPPING: 'fenced',
  INVALID_TXN_STATE: 'fenced',
  TRANSACTION_ABORTABLE: 'fenced',
  ILLEGAL_GENERATION: 'fenced',
  UNKNOWN_MEMBER_ID: 'fenced',
  FENCED_INSTANCE_ID: 'fenced',
  FENCED_MEMBER_EPOCH: 'fenced',
  STALE_MEMBER_EPOCH: 'fenced',
}

/** Retriable by the protocol's word, but not here: what was written would be written the same way again. */
const hopeless = new Set(['CORRUPT_MESSAGE', 'ELECTION_NOT_NEEDED'])

/** What TLS says when it does not trust the other side, or is not trusted. */
const mistrust = /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|EPROTO)/

/** What is known of the package's errors. */
interface PackageError extends Error {
  readonly code?: string
  readonly apiId?: string
  readonly canRetry?: boolean
  readonly serverErrorMessage?: string | null
  readonly response?: unknown
  readonly errors?: readonly PackageError[]
}

/** Makes of anything that a request failed with what it means. */
export function toClusterError(error: unknown): ClusterError {
  if (error instanceof ClusterError) return error
  let isLost = false
  for (let at = error; at instanceof Error; at = at.cause) {
    const here = at as PackageError
    isLost ||= here.code === 'PLT_KFK_NETWORK'
    const answered = here.apiId === undefined ? worstOf(here.errors ?? []) : here
    if (answered?.apiId !== undefined) {
      const { apiId, canRetry = false, serverErrorMessage = '', message } = answered
      const said = serverErrorMessage === null || serverErrorMessage === '' ? message : serverErrorMessage
      return answeredWith(apiId, canRetry, said, { cause: error, response: here.response })
    }
    if (here.code === 'PLT_KFK_AUTHENTICATION' && here.cause === undefined)
      return new ClusterError('refused', 'SASL_AUTHENTICATION_FAILED', false, here.message, { cause: error })
    if (mistrust.test(here.code ?? '') || here.message === 'Broker requires TLS.')
      return new ClusterError('refused', 'TLS', false, here.message, { cause: error })
  }
  const message = isLost && error instanceof Error ? depth(error) : messageOf(error)
  return new ClusterError(isLost ? 'unavailable' : 'other', isLost ? 'NETWORK' : 'OTHER', isLost, message, {
    cause: error,
  })
}

/** Of an answer for many things: what went wrong, before what was not tried because of it. */
function worstOf(errors: readonly PackageError[]): PackageError | undefined {
  const answered = errors.filter(({ apiId }) => apiId !== undefined)
  return answered.find(({ apiId }) => apiId !== 'OPERATION_NOT_ATTEMPTED') ?? answered[0]
}

/** Makes an error of an answer's code. */
export function answeredWith(
  code: string,
  canRetry: boolean,
  message: string,
  options: ErrorOptions & { response?: unknown } = {},
): ClusterError {
  const isRetriable = canRetry && !hopeless.has(code)
  const kind = kinds[code] ?? (isRetriable ? 'unavailable' : 'other')
  return new ClusterError(kind, code, isRetriable, `${message} (${code})`, options)
}

/** The messages of an error and of what caused it. */
function depth(error: Error): string {
  return error.cause instanceof Error ? `${error.message} ${depth(error.cause)}` : error.message
}
