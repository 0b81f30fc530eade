import { get, type IncomingMessage } from 'node:http'
import { Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { run, type RunningJob } from '../../lib/run.ts'
import { until } from '../socket/fixtures/listening.ts'
import { eventStream, type EventStreamOptions } from './event-stream.ts'

interface Serving {
  readonly job: RunningJob
  readonly results: Subject<unknown>
  readonly port: number
  readonly refused: string[]
}

async function serving(options: EventStreamOptions<unknown> = {}): Promise<Serving> {
  const results = new Subject<unknown>()
  const refused: string[] = []
  let job: RunningJob | undefined
  const port = await new Promise<number>((resolve, reject) => {
    const sink = eventStream(
      { port: 0 },
      {
        run: 'r',
        onRefused: (_, reason) => refused.push(reason),
        ...options,
        onListening: (at) => resolve(at.port ?? 0),
      },
    )
    job = run(results, sink)
    job.done.catch(reject)
  })
  if (job === undefined) throw new Error('no job')
  return { job, results, port, refused }
}

interface Client {
  readonly response: IncomingMessage
  text: string
  isClosed: boolean
}

async function client(port: number, headers: Readonly<Record<string, string>> = {}, path = '/'): Promise<Client> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ port, path, headers }, resolve).on('error', reject)
  })
  const listening: Client = { response, text: '', isClosed: false }
  response.on('data', (piece: Buffer) => (listening.text += String(piece)))
  response.on('error', () => {})
  response.on('close', () => (listening.isClosed = true))
  return listening
}

test('results are events, for everybody', async () => {
  const { job, results, port } = await serving()
  const [first, second] = [await client(port), await client(port)]
  expect(first.response.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  results.next({ count: 1 })
  results.next('two')
  const events = ':\n\nid: r-1\ndata: {"count":1}\n\nid: r-2\ndata: "two"\n\n'
  await until(() => first.text === events && second.text === events)
  results.complete()
  await job.done
  await until(() => first.isClosed && second.isClosed)
  expect(first.text).toBe(`${events}event: end\ndata:\n\n`)
})

test('texts of several lines and kinds of events are written as is right', async () => {
  const { job, results, port } = await serving({
    stringify: String,
    event: 'count',
    headers: { 'Access-Control-Allow-Origin': '*' },
  })
  const { response } = await client(port)
  expect(response.headers['access-control-allow-origin']).toBe('*')
  results.next('a\nb\r\nc\rd')
  let text = ''
  response.on('data', (piece: Buffer) => (text += String(piece)))
  await until(() => text.endsWith('\n\n'))
  expect(text).toContain('id: r-1\nevent: count\ndata: a\ndata: b\ndata: c\ndata: d\n\n')
  await job.stop()
})

describe('who comes', () => {
  const ids = ({ text }: Client): string =>
    [...text.matchAll(/^(?:id: r-|event: )(\w+)$/gm)].map(([, id = '']) => id).join(' ')

  test.each([
    ['anew gets what is kept', undefined, '3 4 5 6'],
    ['back gets what is behind the last one seen', 'r-4', '5 6'],
    ['back and has seen everything gets what is new', 'r-5', '6'],
    ['back too late is told', 'r-1', 'gap 3 4 5 6'],
    ['back just in time is not', 'r-2', '3 4 5 6'],
    ['from another run is told', 'other-4', 'gap 3 4 5 6'],
    ['from the future is told', 'r-6', 'gap 3 4 5 6'],
    ['with nonsense is told', 'r-x', 'gap 3 4 5 6'],
  ])('%s', async (_, seen, expected) => {
    const { job, results, port } = await serving({ keep: 3 })
    for (let count = 1; count <= 5; count++) results.next(count)
    await until(() => job.metrics().sinks[0]?.written === 5)
    const late = await client(port, seen === undefined ? {} : { 'Last-Event-ID': seen })
    results.next(6)
    await until(() => late.text.includes('id: r-6'))
    expect(ids(late)).toBe(expected)
    await job.stop()
  })

  test('and keeps nothing, gets what is new', async () => {
    const { job, results, port } = await serving({ keep: 0 })
    results.next(1)
    await until(() => job.metrics().sinks[0]?.written === 1)
    const late = await client(port)
    results.next(2)
    await until(() => late.text.includes('id: r-2'))
    expect(ids(late)).toBe('2')
    await job.stop()
  })
})

test('who takes too little is cut off, and holds up nobody', async () => {
  const { job, results, port, refused } = await serving({ maxClientBytes: 1_000_000, keep: 0 })
  const [slow, fast] = [await client(port), await client(port)]
  slow.response.pause()
  let received = 0
  fast.response.on('data', ({ length }: Buffer) => (received += length))
  const text = 'x'.repeat(100_000)
  let sent = 0
  const isTaken = (): boolean => received >= sent
  while (refused.length === 0) {
    results.next(text)
    sent += text.length
    await until(isTaken)
  }
  expect(refused).toEqual(['more than 1000000 bytes behind'])
  slow.response.resume()
  await until(() => slow.isClosed)
  expect(fast.isClosed).toBe(false)
  await job.stop()
  await until(() => fast.isClosed)
})

test('a slow client does not hold up the end', async () => {
  // More than the system takes for both sides.
  const { job, results, port } = await serving({ maxClientBytes: 2 ** 28, keep: 0 })
  const slow = await client(port)
  slow.response.pause()
  for (let sent = 0; sent < 80; sent++) results.next('x'.repeat(1_000_000))
  results.complete()
  expect((await job.done).sinks[0]).toMatchObject({ written: 80 })
})

describe('what is not served', () => {
  test('another path, another method, who is not let in', async () => {
    const { job, port, refused } = await serving({ authorize: ({ headers }) => headers.authorization === undefined })
    expect((await client(port, {}, '/x')).response.statusCode).toBe(404)
    expect((await client(port, { Authorization: 'x' })).response.statusCode).toBe(401)
    const posted = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: 'x' })
    expect([posted.status, posted.headers.get('Allow')]).toEqual([405, 'GET'])
    expect(refused).toEqual(['404', '401', '405'])
    await job.stop()
  })

  test('errors are those of the job', async () => {
    const { job, port } = await serving()
    const other = run(new Subject(), eventStream({ port }))
    expect(await failureOf(other.done)).toMatchObject({ code: 'output' })
    await job.stop()
    const { job: failing, results } = await serving({
      stringify: () => {
        throw new Error('boom')
      },
    })
    results.next(1)
    expect(await failureOf(failing.done)).toMatchObject({ code: 'callback' })
  })

  test.each([
    [{ keep: -1 }, 'eventStream: keep must be a whole number >= 0, got -1'],
    [{ event: 'a\nb' }, "eventStream: expected an event of one line, got 'a\nb'"],
    [{ maxClientBytes: 0 }, 'eventStream: maxClientBytes must be a whole number of bytes'],
  ])('bad options: %j', (options, message) => {
    expect(() => eventStream({ port: 0 }, options)).toThrow(message)
  })
})
