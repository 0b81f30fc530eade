import { once } from 'node:events'
import { connect as connectPlain } from 'node:net'
import { connect as connectTls, createServer } from 'node:tls'
import { beforeAll, describe, expect, test } from 'vitest'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { run } from '../../lib/run.ts'
import { connect } from './connect.ts'
import { type Certificate, certificate } from './fixtures/certificate.ts'
import { listening, until } from './fixtures/listening.ts'

let own: Certificate
let other: Certificate

beforeAll(() => {
  own = certificate()
  other = certificate()
})

describe('listen', () => {
  test('speaks TLS', async () => {
    const { job, port, texts, refused } = await listening({ tls: own })
    const socket = connectTls({ port, host: '127.0.0.1', ca: own.cert })
    await once(socket, 'secureConnect')
    socket.end('one\ntwo\n')
    await once(socket, 'close')
    await until(() => texts.length === 2)
    expect(refused).toEqual([])
    await job.stop()
  })

  test('counts and names those who do not, and those with a wrong certificate', async () => {
    const { job, port, texts, refused } = await listening({ tls: { ...own, requestCert: true, ca: own.cert } })
    const plain = connectPlain({ port })
    plain.on('error', () => {})
    plain.end('hello\n')
    await until(() => refused.length === 1)
    const wrong = connectTls({ port, host: '127.0.0.1', ca: own.cert, ...other })
    wrong.on('error', () => {})
    wrong.write('secret\n')
    await until(() => refused.length === 2)
    expect(refused.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(
        /^TLS: .*(wrong version number|unsupported protocol|http request|packet length)/i,
      ) as string,
      expect.stringMatching(/^TLS: /) as string,
    ])
    expect(texts).toEqual([])
    const right = connectTls({ port, host: '127.0.0.1', ca: own.cert, ...own })
    right.end('one\n')
    await until(() => texts.length === 1)
    expect((await job.stop()).sources[0]).toMatchObject({ read: 1, refused: 2 })
  })
})

test('those that have not shaken hands count as connections', async () => {
  const { job, port, refused } = await listening({ tls: own, maxConnections: 1 })
  const silent = connectPlain({ port })
  await once(silent, 'connect')
  const one = connectPlain({ port })
  one.on('error', () => {})
  await once(one, 'close')
  await until(() => refused.length === 1)
  expect(refused[0]?.reason).toBe('too many connections')
  silent.destroy()
  await job.stop()
})

describe('connect', () => {
  test('trusts the certificate that it was given, and no other', async () => {
    const server = createServer(own, (socket) => {
      socket.on('error', () => {})
      socket.end('one\n')
    })
    server.on('tlsClientError', () => {})
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const at = server.address()
    const port = at === null || typeof at === 'string' ? 0 : at.port
    const texts: string[] = []
    await run(
      connect({ port, host: 'localhost' }, { tls: { ca: own.cert }, backoff: false }),
      ({ text }) => void texts.push(text),
    ).done
    expect(texts).toEqual(['one'])
    for (const tls of [{}, { ca: other.cert }]) {
      expect(await failureOf(run(connect({ port }, { tls, backoff: false }), () => {}).done)).toMatchObject({
        code: 'input',
        message: expect.stringContaining('self-signed certificate') as string,
      })
    }
    server.close()
  })
})
