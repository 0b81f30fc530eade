import { expect, test } from 'vitest'
import { answeredWith, toClusterError } from './cluster-error.ts'

/** An error as the package makes it. */
function packageError(fields: object, cause?: unknown): Error {
  return Object.assign(new Error('said', { cause }), fields)
}

const lost = packageError({ code: 'PLT_KFK_NETWORK' })

test.each([
  ['OFFSET_OUT_OF_RANGE', 'out-of-range'],
  ['UNKNOWN_TOPIC_ID', 'unknown-topic'],
  ['RECORD_LIST_TOO_LARGE', 'too-large'],
  ['GROUP_AUTHORIZATION_FAILED', 'refused'],
  ['PRODUCER_FENCED', 'fenced'],
  ['STALE_MEMBER_EPOCH', 'fenced'],
  ['UNKNOWN_SERVER_ERROR', 'other'],
])('%s is %s', (code, kind) => {
  expect(answeredWith(code, false, 'said')).toMatchObject({ kind, isRetriable: false, message: `said (${code})` })
})

test('what can be tried again is unavailable', () => {
  expect(answeredWith('NOT_COORDINATOR', true, '')).toMatchObject({ kind: 'unavailable', isRetriable: true })
  expect(answeredWith('CORRUPT_MESSAGE', true, '')).toMatchObject({ kind: 'corrupt', isRetriable: false })
})

test.each([
  ['a lost connection', lost, 'unavailable', 'NETWORK'],
  [
    'one that was lost while it was let in',
    packageError({ code: 'PLT_KFK_AUTHENTICATION' }, lost),
    'unavailable',
    'NETWORK',
  ],
  [
    'a proof that does not hold',
    packageError({ code: 'PLT_KFK_AUTHENTICATION' }),
    'refused',
    'SASL_AUTHENTICATION_FAILED',
  ],
  [
    'a stranger',
    packageError({ code: 'PLT_KFK_NETWORK' }, packageError({ code: 'SELF_SIGNED_CERT_IN_CHAIN' })),
    'refused',
    'TLS',
  ],
  ['anything else', new TypeError('said'), 'other', 'OTHER'],
  ['no error at all', 'said', 'other', 'OTHER'],
])('%s', (_title, error, kind, code) => {
  expect(toClusterError(error)).toMatchObject({ kind, code, isRetriable: kind === 'unavailable' })
})

test('of an answer about many things what went wrong, and not what was not tried', () => {
  const errors = ['OPERATION_NOT_ATTEMPTED', 'TOPIC_AUTHORIZATION_FAILED'].map((apiId) => packageError({ apiId }))
  const response = { topics: [] }
  const error = toClusterError(packageError({ code: 'PLT_KFK_RESPONSE', errors, response }))
  expect(error).toMatchObject({ kind: 'refused', response })
  expect(toClusterError(error)).toBe(error)
  expect(error.about('fetch')).toMatchObject({
    kind: 'refused',
    message: 'fetch: said (TOPIC_AUTHORIZATION_FAILED)',
    response,
  })
})
