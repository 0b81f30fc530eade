import { createSocket, type Socket } from 'node:dgram'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { DeadLetter } from '../line/dead-letter.ts'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { turns } from '../../lib/fixtures/turns.ts'
import { route, run, type RunningJob } from '../../lib/run.ts'
import { sideOutput } from '../../lib/wiring/side-output.ts'
import type { Line } from '../line/line.ts'
import { datagrams, type DatagramsOptions } from './datagrams.ts'
import { until } from './fixtures/listening.ts'

let sender: Socket

beforeEach(() => {
  sender = createSocket('udp4')
})

afterEach(() => {
  sender.close()
})

async function receiving(
  options: DatagramsOptions = {},
  take: () => void | Promise<void> = () => {},
): Promise<{
  readonly job: RunningJob
  readonly port: number
  readonly lines: Line[]
  readonly refused: DeadLetter[]
}> {
  const output = sideOutput<DeadLetter>('refused')
  const lines: Line[] = []
  const refused: DeadLetter[] = []
  let job: RunningJob | undefined
  const port = await new Promise<number>((resolve, reject) => {
    const source = datagrams({ port: 0 }, { ...options, refused: output, onListening: (at) => resolve(at.port ?? 0) })
    job = run([
      route(source, (line) => {
        lines.push(line)
        return take()
      }),
      route(output, (line) => void refused.push(line)),
    ])
    job.done.catch(reject)
  })
  if (job === undefined) throw new Error('no job')
  return { job, port, lines, refused }
}

function sendOne(port: number, message: string | Buffer): Promise<unknown> {
  return new Promise((resolve) => {
    sender.send(message, port, '127.0.0.1', resolve)
  })
}

async function send(port: number, ...messages: readonly (string | Buffer)[]): Promise<void> {
  for (const message of messages) await sendOne(port, message)
}

test('each datagram is a line', async () => {
  const { job, port, lines } = await receiving()
  await send(port, 'one\n', 'two\r\n', 'th\nree', '', '\n')
  await until(() => lines.length === 5)
  expect(lines.map(({ text, number, offset }) => [text, number, offset])).toEqual([
    ['one', 1, 0],
    ['two', 2, 4],
    ['th\nree', 3, 9],
    ['', 4, 15],
    ['', 5, 15],
  ])
  expect(lines[0]?.source).toBe(`127.0.0.1:${sender.address().port}`)
  await job.stop()
})

test('what is no UTF-8 is refused', async () => {
  const { job, port, lines, refused } = await receiving()
  await send(port, Buffer.of(0xff, 0xfe), 'ok')
  await until(() => lines.length === 1)
  expect(refused).toMatchObject([{ number: 1, offset: 0, byteLength: 2, reason: 'not UTF-8' }])
  await job.stop()
})

test('what is missing is counted, and named', async () => {
  const sequence = ({ text }: Line): number | undefined => {
    if (text === 'bad') throw new Error('no number')
    return text === '' ? undefined : Number(text)
  }
  const { job, port, lines, refused } = await receiving({ sequence })
  await send(port, '1', '2', 'bad', '', '5', '4', '1000')
  await until(() => lines.length === 6)
  const { sources } = await job.stop()
  // 739 beyond doubt, and 256 + 1 that did not come before the end.
  expect(sources[0]).toMatchObject({ read: 6, refused: 1 + 995 })
  expect(refused.map(({ number, reason }) => [number, reason])).toEqual([
    [3, 'no number'],
    [0, '739 lost'],
  ])
})

test('what the job has no room for is refused', async () => {
  let release = (): void => {}
  const take = (): Promise<void> => new Promise((resolve) => (release = resolve))
  const { job, port, lines, refused } = await receiving({ maxWaitingBytes: 3_000 }, take)
  const message = 'x'.repeat(744)
  // One at the sink, one read ahead, three that wait.
  for (let sent = 0; sent < 8; sent++) {
    await send(port, message)
    await turns()
  }
  await until(() => job.metrics().sources[0]?.refused === 3)
  while (lines.length < 5) {
    release()
    await turns()
  }
  release()
  await until(() => refused.length === 3)
  expect(refused[0]).toMatchObject({ number: 6, byteLength: 744, reason: 'no room: the job is behind' })
  await job.stop()
})

test('comes of a group', async () => {
  const group = '239.255.77.77'
  const { job, port, lines } = await receiving({ multicast: { group, interface: '127.0.0.1' } })
  sender.bind(0, '127.0.0.1')
  await new Promise((resolve) => sender.once('listening', resolve))
  sender.setMulticastInterface('127.0.0.1')
  sender.send('hello', port, group)
  await until(() => lines.length === 1)
  expect(lines[0]?.text).toBe('hello')
  await job.stop()
})

describe('errors', () => {
  test('of the port are those of the job', async () => {
    const { job, port } = await receiving()
    expect(await failureOf(run(datagrams({ port }), () => {}).done)).toMatchObject({
      code: 'input',
      message: expect.stringContaining('EADDRINUSE') as string,
    })
    await job.stop()
  })

  test('of the group, too', async () => {
    const source = datagrams({ port: 0 }, { multicast: { group: '127.0.0.1' } })
    expect(await failureOf(run(source, () => {}).done)).toMatchObject({ code: 'input' })
  })

  test('of the options come at once', () => {
    expect(() => datagrams({ port: 70_000 })).toThrow('datagrams: expected a port from 0 to 65535')
    expect(() => datagrams({ port: 0 }, { maxWaitingBytes: 0 })).toThrow('datagrams: maxWaitingBytes must be')
  })
})
