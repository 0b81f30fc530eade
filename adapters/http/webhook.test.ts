import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { connect, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { DeadLetter } from '../line/dead-letter.ts'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { turns } from '../../lib/fixtures/turns.ts'
import { route, run, type RunningJob } from '../../lib/run.ts'
import { sideOutput } from '../../lib/wiring/side-output.ts'
import type { Line } from '../line/line.ts'
import { certificate } from '../socket/fixtures/certificate.ts'
import { until } from '../socket/fixtures/listening.ts'
import { webhook, type WebhookOptions } from './webhook.ts'

interface Receiving {
  readonly job: RunningJob
  readonly url: string
  readonly port: number
  readonly lines: Line[]
  readonly texts: string[]
  readonly refused: DeadLetter[]
}

async function receiving(
  options: WebhookOptions = {},
  take: () => void | Promise<void> = () => {},
): Promise<Receiving> {
  const output = sideOutput<DeadLetter>('refused')
  const lines: Line[] = []
  const texts: string[] = []
  const refused: DeadLetter[] = []
  let job: RunningJob | undefined
  const port = await new Promise<number>((resolve, reject) => {
    const source = webhook({ port: 0 }, { ...options, refused: output, onListening: (at) => resolve(at.port ?? 0) })
    job = run([
      route(source, (line) => {
        lines.push(line)
        texts.push(line.text)
        return take()
      }),
      route(output, (line) => void refused.push(line)),
    ])
    job.done.catch(reject)
  })
  if (job === undefined) throw new Error('no job')
  return { job, url: `http://127.0.0.1:${port}`, port, lines, texts, refused }
}

async function post(url: string, body: string | Buffer, init: RequestInit = {}): Promise<readonly [number, string]> {
  const response = await fetch(url, { method: 'POST', body: new Uint8Array(Buffer.from(body)), ...init })
  return [response.status, (await response.text()).trim()]
}

describe('what is posted', () => {
  test('comes as lines, and is accepted', async () => {
    const { job, url, lines, refused } = await receiving()
    expect(await post(url, 'one\ntwo\r\nthree')).toEqual([202, 'accepted'])
    expect(await post(`${url}/?any=thing`, 'four\n')).toEqual([202, 'accepted'])
    expect(lines.map(({ text, number, offset }) => [text, number, offset])).toEqual([
      ['one', 1, 0],
      ['two', 2, 4],
      ['three', 3, 9],
      ['four', 1, 0],
    ])
    expect(lines[0]?.source).toMatch(/^127\.0\.0\.1:\d+$/)
    expect(refused).toEqual([])
    await job.stop()
  })

  test('may be nothing', async () => {
    const { job, url, texts } = await receiving()
    expect(await post(url, '')).toEqual([202, 'accepted'])
    expect(texts).toEqual([])
    await job.stop()
  })

  test('is not accepted before it has gone through', async () => {
    let release = (): void => {}
    const { job, url, texts } = await receiving({}, () => new Promise((resolve) => (release = resolve)))
    const answers: number[] = []
    const posts = ['one\n', 'two\n', 'three\n'].map(async (body) => {
      const [status] = await post(url, body)
      answers.push(status)
    })
    await until(() => texts.length === 1 && job.metrics().sources[0]?.read === 1)
    await turns(50)
    expect(answers).toEqual([202])
    release()
    await until(() => texts.length === 2)
    await until(() => answers.length === 2)
    release()
    await until(() => texts.length === 3)
    release()
    await Promise.all(posts)
    expect(answers).toEqual([202, 202, 202])
    await job.stop()
  })

  test('is answered with 503 when the job stops first', async () => {
    let release = (): void => {}
    const { job, url, texts, refused } = await receiving({}, () => new Promise((resolve) => (release = resolve)))
    const posts = ['one\n', 'two\n', 'three\n'].map((body) => post(url, body))
    await until(() => texts.length === 1)
    await turns(50)
    const stopped = job.stop()
    release()
    const { sources } = await stopped
    const statuses = await Promise.all(posts)
    expect(statuses.map(([status]) => status).toSorted((a, b) => a - b)).toEqual([202, 503, 503])
    expect(sources[0]).toMatchObject({ read: 1, refused: 2 })
    expect(refused).toEqual([])
  })

  test('comes over TLS', async () => {
    const own = certificate()
    const { job, port, texts } = await receiving({ tls: own })
    const request = tlsRequest({ port, host: '127.0.0.1', method: 'POST', ca: own.cert })
    request.end('one\n')
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    expect(response.statusCode).toBe(202)
    expect(texts).toEqual(['one'])
    response.resume()
    await job.stop()
  })
})

describe('what is refused', () => {
  test.each([
    ['another path', '/other', 'x\n', {}, 404, 'no such path'],
    ['another method', '/', 'x\n', { method: 'PUT' }, 405, 'only POST'],
    ['a body that is too long', '/', 'x'.repeat(101), {}, 413, 'longer than 100 bytes'],
    ['a compressed one', '/', 'x\n', { headers: { 'Content-Encoding': 'gzip' } }, 415, "no encoding 'gzip'"],
    ['a line that is too long', '/', 'ok\n0123456789\n', {}, 400, 'line 2: longer than 9 bytes'],
    ['what is no UTF-8', '/', Buffer.of(0x61, 0x0a, 0xff, 0x0a), {}, 400, 'line 2: not UTF-8'],
    ['who is not let in', '/', 'x\n', { headers: { Authorization: 'wrong' } }, 401, 'not allowed'],
    ['who can not be judged', '/', 'x\n', { headers: { Authorization: 'throw' } }, 500, 'authorize failed'],
  ])('%s', async (_, path, body, init, status, reason) => {
    const authorize = ({ headers }: IncomingMessage): boolean => {
      if (headers.authorization === 'throw') throw new Error('no')
      return headers.authorization === undefined
    }
    const { job, url, texts, refused } = await receiving({ maxBodyBytes: 100, maxLineBytes: 9, authorize })
    expect(await post(`${url}${path}`, body, init)).toEqual([status, reason])
    expect(await post(url, 'ok\n')).toEqual([202, 'accepted'])
    await until(() => refused.length === 1)
    expect(refused[0]?.reason).toBe(`${status}: ${reason}`)
    expect(texts).toEqual(['ok'])
    await job.stop()
  })

  test('a body that turns out too long, or is broken off', async () => {
    const { job, port, texts, refused } = await receiving({ maxBodyBytes: 1_000 })
    const long = httpRequest({ port, method: 'POST' })
    long.write('x'.repeat(600))
    long.write('x'.repeat(600))
    const [response] = (await once(long, 'response')) as [IncomingMessage]
    expect(response.statusCode).toBe(413)
    response.resume()
    const broken = httpRequest({ port, method: 'POST', headers: { 'Content-Length': 100 } })
    broken.on('error', () => {})
    broken.write('one\ntwo\n')
    const [socket] = (await once(broken, 'socket')) as [Socket]
    await once(socket, 'connect')
    await turns(50)
    broken.destroy()
    await until(() => refused.length === 2)
    expect(refused.map(({ reason }) => reason)).toEqual(['413: longer than 1000 bytes', '400: broken off'])
    expect(texts).toEqual([])
    long.destroy()
    await job.stop()
  })

  test('what is no HTTP', async () => {
    const { job, port, refused } = await receiving()
    const socket = connect({ port })
    socket.end('\0\x01hello\r\n\r\n')
    const [answer] = (await once(socket, 'data')) as [Buffer]
    expect(String(answer)).toMatch(/^HTTP\/1\.1 400 /)
    await until(() => refused.length === 1)
    expect(refused[0]?.reason).toMatch(/^no request: Parse Error/)
    await job.stop()
  })

  test('what there is no room for: 429, and later 202', async () => {
    let release = (): void => {}
    let isHeld = true
    const take = (): Promise<void> | void => (isHeld ? new Promise((resolve) => (release = resolve)) : undefined)
    const { job, url, texts } = await receiving({ maxBodyBytes: 1_000, maxWaitingBytes: 3_000 }, take)
    const body = `${'x'.repeat(999)}\n`
    const answers: Response[] = []
    const posts = Array.from({ length: 8 }, async () => {
      answers.push(await fetch(url, { method: 'POST', body }))
    })
    // One is at the sink and accepted, three wait.
    await until(
      () => answers.length === 5,
      () => answers.map(({ status }) => status),
    )
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 429, 429, 429, 429])
    expect(answers.find(({ status }) => status === 429)?.headers.get('Retry-After')).toBe('1')
    isHeld = false
    release()
    await Promise.all(posts)
    await until(() => texts.length === 4)
    expect(await post(url, body)).toEqual([202, 'accepted'])
    expect((await job.stop()).sources[0]).toMatchObject({ read: 5, refused: 4 })
  })
})

test('a body that says nothing of its length takes room as it comes', async () => {
  let release = (): void => {}
  const take = (): Promise<void> => new Promise((resolve) => (release = resolve))
  const { job, port, url, texts } = await receiving({ maxBodyBytes: 1_000, maxWaitingBytes: 2_500 }, take)
  const body = `${'x'.repeat(899)}\n`
  const posts = [post(url, body), post(url, body), post(url, body)]
  await until(() => texts.length === 1)
  await turns(50)
  const long = httpRequest({ port, method: 'POST' })
  long.write('x'.repeat(300))
  await turns(50)
  long.write('x'.repeat(600))
  const [response] = (await once(long, 'response')) as [IncomingMessage]
  expect(response.statusCode).toBe(429)
  response.resume()
  const stopped = job.stop()
  release()
  await Promise.all([stopped, ...posts])
})

describe('errors', () => {
  test('of the port are those of the job', async () => {
    const { job, port } = await receiving()
    expect(await failureOf(run(webhook({ port }), () => {}).done)).toMatchObject({ code: 'input' })
    await job.stop()
  })

  test.each([
    [{ path: 'x' }, "webhook: path must begin with a /, got 'x'"],
    [{ maxConnections: 0 }, 'webhook: maxConnections must be a whole number > 0, got 0'],
    [{ maxBodyBytes: 2 ** 25 }, 'webhook: maxBodyBytes must not be beyond maxWaitingBytes, got 33554432 and 16777216'],
    [{ retryAfter: 0 }, 'webhook: retryAfter must be > 0, got 0'],
  ])('of the options come at once: %j', (options, message) => {
    expect(() => webhook({ port: 0 }, options)).toThrow(message)
  })
})
