import { randomFillSync } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { run } from '../../lib/run.ts'
import { gone, listening, peer, until } from './fixtures/listening.ts'
import { lengthPrefix } from './length-prefix.ts'
import { listen } from './listen.ts'
import { octetCounting } from './octet-counting.ts'

async function write(socket: Socket, bytes: Buffer): Promise<void> {
  if (socket.write(bytes) || socket.destroyed) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      for (const name of ['drain', 'close']) socket.off(name, done)
      resolve()
    }
    for (const name of ['drain', 'close']) socket.on(name, done)
  })
}

test('random bytes become nothing but refusals', async () => {
  const { job, port, texts, refused } = await listening({ maxLineBytes: 64 })
  const socket = await peer(port)
  const bytes = Buffer.alloc(1 << 20)
  randomFillSync(bytes)
  await write(socket, bytes)
  socket.end('\nthe end\n')
  await until(() => texts.at(-1) === 'the end')
  const { sources } = await job.stop()
  const lines = bytes.toString('latin1').split('\n').length
  expect(texts.length + refused.length).toBe(lines + 1)
  expect(sources[0]).toMatchObject({ read: texts.length, refused: refused.length })
  expect(new Set(refused.map(({ reason }) => reason))).toEqual(new Set(['longer than 64 bytes', 'not UTF-8']))
})

describe('an endless', () => {
  const block = Buffer.alloc(1 << 20, 'x')
  const blocks = 30

  test('line is passed over, and nothing of it is held', async () => {
    const { job, port, texts, refused } = await listening()
    const socket = await peer(port)
    await write(socket, block)
    for (let sent = 1; sent < blocks; sent++) await write(socket, block)
    socket.write('\nok\n')
    await until(() => texts.length === 1)
    expect(refused).toMatchObject([{ number: 1, byteLength: blocks << 20, reason: 'longer than 65536 bytes' }])
    socket.destroy()
    await job.stop()
  })

  test('frame is passed over, and what follows is found', async () => {
    const { job, port, texts, refused } = await listening({ framing: lengthPrefix() })
    const socket = await peer(port)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(blocks << 20)
    await write(socket, length)
    for (let sent = 0; sent < blocks; sent++) await write(socket, block)
    socket.write(Buffer.concat([Buffer.of(0, 0, 0, 2), Buffer.from('ok')]))
    await until(() => texts.length === 1)
    expect(refused).toMatchObject([{ number: 1, offset: 4, byteLength: blocks << 20 }])
    socket.destroy()
    await job.stop()
  })

  test('line where a frame has no end closes the connection', async () => {
    const { job, port, refused } = await listening({ framing: octetCounting() })
    const socket = await peer(port)
    const closed = gone(socket)
    for (let sent = 0; sent < blocks && !socket.destroyed; sent++) await write(socket, block)
    await closed
    await until(() => refused.length === 1)
    expect(refused[0]).toMatchObject({ number: 1, reason: 'no end of a frame within 65536 bytes' })
    await job.stop()
  })
})

test('connections that are opened and dropped leave nothing behind', async () => {
  const { job, port, texts, reasons } = await listening({ maxConnections: 100 })
  for (let round = 0; round < 12; round++) {
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const socket = connect({ port })
        const closed = gone(socket)
        if (index % 3 === 0) socket.write('half a li')
        if (index % 2 === 0) socket.destroy()
        else socket.once('connect', () => socket.resetAndDestroy())
        await closed
      }),
    )
  }
  const socket = await peer(port)
  socket.end('still here\n')
  // A half line of who closes in good order may be the last one.
  await until(() => texts.includes('still here'))
  const known = /^(read ECONNRESET|too many connections|closed before its end)$/
  expect(reasons().filter((reason) => !known.test(reason))).toEqual([])
  await job.stop()
  expect(job.metrics().sources[0]).toMatchObject({ refused: reasons().length })
})

test('a job that is stopped under fire ends', async () => {
  let port = 0
  const job = run(listen({ port: 0 }, { onListening: (at) => (port = at.port ?? 0) }), () => {})
  await until(() => port > 0)
  let isOver = false
  const attackers = Array.from({ length: 20 }, async () => {
    while (!isOver) {
      const socket = connect({ port })
      socket.end('one\ntwo\nthree')
      await gone(socket)
    }
  })
  await until(() => (job.metrics().sources[0]?.read ?? 0) > 500)
  await job.stop()
  isOver = true
  await Promise.all(attackers)
})
