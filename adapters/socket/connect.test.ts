import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { DeadLetter } from '../line/dead-letter.ts'
import { VirtualClock } from '../../lib/clock.ts'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { turns } from '../../lib/fixtures/turns.ts'
import { route, run, type RunningJob } from '../../lib/run.ts'
import { sideOutput } from '../../lib/wiring/side-output.ts'
import { connect, type ConnectOptions } from './connect.ts'
import { until } from './fixtures/listening.ts'

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A server that does something to each connection, by its number from 0. */
async function serving(serve: (socket: Socket, index: number) => void, port = 0): Promise<number> {
  let connections = 0
  const server = createServer((socket) => {
    socket.on('error', () => {})
    serve(socket, connections++)
  })
  servers.push(server)
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const at = server.address()
  return at === null || typeof at === 'string' ? 0 : at.port
}

interface Connected {
  readonly job: RunningJob
  readonly clock: VirtualClock
  readonly texts: string[]
  readonly refused: DeadLetter[]
}

function connected(port: number, options: ConnectOptions = {}): Connected {
  const output = sideOutput<DeadLetter>('refused')
  const clock = new VirtualClock()
  const texts: string[] = []
  const refused: DeadLetter[] = []
  const job = run(
    [
      route(connect({ port }, { ...options, refused: output }), ({ text }) => void texts.push(text)),
      route(output, (line) => void refused.push(line)),
    ],
    { clock },
  )
  job.done.catch(() => {})
  return { job, clock, texts, refused }
}

describe('one connection', () => {
  test('ends the source where it ends', async () => {
    const port = await serving((socket) => socket.end('one\ntwo'))
    const { job, texts } = connected(port, { backoff: false })
    expect((await job.done).sources[0]).toMatchObject({
      name: `connect(127.0.0.1:${port})`,
      read: 2,
      refused: 0,
      ended: true,
    })
    expect(texts).toEqual(['one', 'two'])
  })

  test('that can not be made is the error of the job', async () => {
    const port = await serving(() => {})
    servers.pop()?.close()
    const { job } = connected(port, { backoff: false })
    expect(await failureOf(job.done)).toMatchObject({
      code: 'input',
      message: expect.stringContaining('ECONNREFUSED') as string,
    })
  })
})

describe('a connection that is lost', () => {
  const backoff = { first: 100, most: 350, random: () => 0.5 }

  test('is made anew after a wait, which doubles while no line comes', async () => {
    const times: number[] = []
    let clock = new VirtualClock()
    const port = await serving((socket, index) => {
      times.push(clock.now())
      socket.end(index === 0 || index === 5 ? `line ${index}\n` : '')
    })
    const all = connected(port, { backoff })
    clock = all.clock
    for (let time = 0; time <= 1_600; time += 5) {
      clock.advanceTo(time)
      await turns(6)
    }
    await all.job.stop()
    // Three quarters of 100, 100, 200, 350 and 350 ms later; and of 100 after a line.
    const waits = times.map((time, index) => time - (times[index - 1] ?? 0))
    expect(waits.slice(1, 8)).toEqual([75, 75, 150, 265, 265, 75, 75])
    expect(all.texts).toEqual(['line 0', 'line 5'])
    expect(all.refused).toEqual([])
  })

  test('ends the job when nothing comes of it, and says why', async () => {
    const port = await serving(() => {})
    servers.pop()?.close()
    const { job, clock, refused } = connected(port, { backoff: { ...backoff, attempts: 3 } })
    for (let attempt = 1; attempt <= 3; attempt++) {
      await until(() => refused.length >= Math.min(attempt, 2))
      await turns()
      clock.advanceTo(attempt * 1_000)
    }
    expect(await failureOf(job.done)).toMatchObject({
      code: 'input',
      message: `connect(127.0.0.1:${port}): expected a line within 3 attempts, got connect ECONNREFUSED 127.0.0.1:${port}`,
    })
    expect(refused.length).toBeGreaterThanOrEqual(2)
    expect(refused[0]).toMatchObject({
      source: `127.0.0.1:${port}`,
      reason: `no connection: connect ECONNREFUSED 127.0.0.1:${port}`,
    })
  })

  test('is given up when it does not come about', async () => {
    // Speaks no TLS, and says nothing.
    const port = await serving(() => {})
    const { job, clock, refused } = connected(port, { tls: {}, backoff: { ...backoff, attempts: 2 } })
    for (const time of [29_999, 30_000]) {
      await turns(50)
      expect(refused).toEqual([])
      clock.advanceTo(time)
    }
    await until(() => refused.length === 1)
    expect(refused[0]?.reason).toBe('no connection: nothing within 30s')
    await job.stop()
  })

  test('is not given up once it is there', async () => {
    const port = await serving((socket) => void socket.write('one\n'))
    const { job, clock, texts, refused } = connected(port, { backoff })
    await until(() => texts.length === 1)
    clock.advanceTo(3_600_000)
    await turns()
    expect(refused).toEqual([])
    await job.stop()
  })

  test('is not made anew after a stop', async () => {
    let connections = 0
    const port = await serving((socket) => {
      connections += 1
      socket.end('one\n')
    })
    const { job, clock, texts } = connected(port, { backoff })
    await until(() => texts.length === 1)
    await turns()
    await job.stop()
    clock.advanceTo(10_000)
    await turns()
    expect(connections).toBe(1)
  })

  test.each([
    [{ attempts: 0 }, 'connect: backoff.attempts must be a whole number > 0 or Infinity, got 0'],
    [{ first: 0 }, 'connect: backoff.first must be > 0, got 0'],
    [{ most: -1 }, 'connect: backoff.most must be > 0, got -1'],
  ])('has options that are checked: %j', (bad, message) => {
    expect(() => connect({ port: 1 }, { backoff: bad })).toThrow(message)
  })
})
