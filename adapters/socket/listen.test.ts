import { once } from 'node:events'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { VirtualClock } from '../../lib/clock.ts'
import { TidemarkError } from '../../lib/errors.ts'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { turns } from '../../lib/fixtures/turns.ts'
import { run } from '../../lib/run.ts'
import { listening, peer, until } from './fixtures/listening.ts'
import { lengthPrefix } from './length-prefix.ts'
import { listen } from './listen.ts'

describe('lines', () => {
  test('come as they are sent, with the peer and their places', async () => {
    const { job, port, lines } = await listening()
    const socket = await peer(port)
    socket.write('one\ntw')
    await until(() => lines.length === 1)
    socket.write('o\r\n')
    await until(() => lines.length === 2)
    const source = `127.0.0.1:${socket.localPort}`
    expect(lines.map(({ text, number, offset, source }) => ({ text, number, offset, source }))).toEqual([
      { text: 'one', number: 1, offset: 0, source },
      { text: 'two', number: 2, offset: 4, source },
    ])
    socket.destroy()
    await job.stop()
  })

  test('may end with the connection', async () => {
    const { job, port, texts, refused } = await listening()
    const socket = await peer(port)
    socket.end('one\ntwo')
    await once(socket, 'close')
    await until(() => texts.length === 2)
    expect(texts).toEqual(['one', 'two'])
    expect(refused).toEqual([])
    await job.stop()
  })

  test('that a reset has cut off are refused', async () => {
    const { job, port, texts, refused } = await listening()
    const socket = await peer(port)
    socket.write('one\ntw')
    await until(() => texts.length === 1)
    socket.resetAndDestroy()
    await until(() => refused.length === 1)
    expect(refused).toEqual([
      {
        source: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string,
        number: 2,
        offset: 4,
        byteLength: 2,
        reason: 'read ECONNRESET',
      },
    ])
    expect((await job.stop()).sources[0]).toMatchObject({ read: 1, refused: 1 })
  })

  test('that are too long or no UTF-8 are refused, and nothing else', async () => {
    const { job, port, texts, refused } = await listening({ maxLineBytes: 5 })
    const socket = await peer(port)
    socket.end(Buffer.from('12345\n123456\nok\n\xff\xfe\n\xe9t\xe9\nend\n', 'latin1'))
    await until(() => texts.length === 3)
    expect(texts).toEqual(['12345', 'ok', 'end'])
    expect(refused.map(({ number, offset, byteLength, reason }) => [number, offset, byteLength, reason])).toEqual([
      [2, 6, 6, 'longer than 5 bytes'],
      [4, 16, 2, 'not UTF-8'],
      [5, 19, 3, 'not UTF-8'],
    ])
    await job.stop()
  })

  test('may be anything if that is wanted', async () => {
    const { job, port, texts } = await listening({ utf8: false })
    const socket = await peer(port)
    socket.end(Buffer.from('\xff\n', 'latin1'))
    await until(() => texts.length === 1)
    expect(texts).toEqual(['\ufffd'])
    await job.stop()
  })
})

describe('frames', () => {
  test('are read, in whatever pieces they come', async () => {
    const { job, port, texts } = await listening({ framing: lengthPrefix({ bytes: 1 }) })
    const socket = await peer(port)
    socket.setNoDelay()
    for (const byte of Buffer.from('\x03one\x00\x05three')) {
      socket.write(Buffer.of(byte))
      await turns(1)
    }
    await until(() => texts.length === 3)
    expect(texts).toEqual(['one', '', 'three'])
    socket.destroy()
    await job.stop()
  })

  test('that end too soon are refused', async () => {
    const { job, port, refused } = await listening({ framing: lengthPrefix({ bytes: 1 }) })
    const socket = await peer(port)
    socket.end('\x03one\x05th')
    await until(() => refused.length === 1)
    expect(refused[0]).toMatchObject({ number: 2, offset: 4, byteLength: 3, reason: 'closed before its end' })
    await job.stop()
  })

  test('that are none close the connection', async () => {
    const framing = (): never => {
      throw new Error('not mine')
    }
    const { job, port, refused } = await listening({ framing })
    const socket = await peer(port)
    socket.write('anything')
    await once(socket, 'close')
    await until(() => refused.length === 1)
    expect(refused[0]).toMatchObject({ number: 1, offset: 0, byteLength: 8, reason: 'not mine' })
    await job.stop()
  })
})

describe('limits', () => {
  test('of connections: one more is closed and counted', async () => {
    const { job, port, reasons, texts } = await listening({ maxConnections: 2 })
    const [first, second] = [await peer(port), await peer(port)]
    const third = connect({ port })
    third.on('error', () => {})
    await once(third, 'close')
    await until(() => reasons().length === 1)
    expect(reasons()).toEqual(['too many connections'])
    first.destroy()
    second.write('two\n')
    await until(() => texts.length === 1)
    await turns()
    const fourth = await peer(port)
    fourth.end('four\n')
    await until(() => texts.length === 2)
    second.destroy()
    await job.stop()
  })

  test('of connections: those that are gone count until what they sent has been taken', async () => {
    let release = (): void => {}
    let isHeld = true
    const take = (): Promise<void> | void => (isHeld ? new Promise((resolve) => (release = resolve)) : undefined)
    const { job, port, texts } = await listening({ maxConnections: 4 }, { take })
    for (let number = 0; number < 10; number++) {
      const socket = await peer(port)
      socket.write(`${number}\n`)
      await turns()
      socket.resetAndDestroy()
      await turns()
    }
    expect(job.metrics().sources[0]?.refused).toBeGreaterThan(0)
    isHeld = false
    release()
    // Those that were let in are refused too, for how they ended.
    await until(() => job.metrics().sources[0]?.refused === 10)
    expect(texts.length).toBeLessThanOrEqual(6)
    await job.stop()
  })

  test('of time: who does not end a line is cut off, and who says nothing', async () => {
    const clock = new VirtualClock()
    const { job, port, texts, refused } = await listening({ lineTimeout: '10s', idleTimeout: '1m' }, { clock })
    const [slow, silent] = [await peer(port), await peer(port)]
    silent.write('hello\n')
    slow.write('a')
    await until(() => texts.length === 1)
    await turns()
    for (let second = 1; second < 10; second++) {
      clock.advanceTo(second * 1_000)
      slow.write('a')
      await turns()
    }
    expect(refused).toEqual([])
    clock.advanceTo(10_000)
    await once(slow, 'close')
    await until(() => refused.length === 1)
    expect(refused[0]).toMatchObject({ number: 1, byteLength: 10, reason: 'no end of a line within 10s' })
    clock.advanceTo(59_999)
    await turns()
    expect(refused).toHaveLength(1)
    clock.advanceTo(60_000)
    await once(silent, 'close')
    await until(() => refused.length === 2)
    expect(refused[1]).toMatchObject({ number: 2, byteLength: 0, reason: 'silent for 1m' })
    await job.stop()
  })

  test('of time do not count while the job has not asked', async () => {
    const clock = new VirtualClock()
    let release = (): void => {}
    const take = (): Promise<void> => new Promise((resolve) => (release = resolve))
    const { job, port, texts, refused } = await listening({ idleTimeout: '1m' }, { clock, take })
    const socket = await peer(port)
    for (const text of ['one\n', 'two\n', 'three\n', 'fo']) {
      socket.write(text)
      await turns()
    }
    for (let minute = 1; minute < 10; minute++) clock.advanceTo(minute * 60_000)
    for (const count of [2, 3]) {
      release()
      await until(() => texts.length === count)
    }
    release()
    await turns()
    expect(refused).toEqual([])
    socket.destroy()
    await job.stop()
  })
})

describe('the address', () => {
  test('may be a Unix socket, also one that a killed process has left', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tidemark-'))
    const path = join(folder, 'log.sock')
    const dying = `require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`
    spawnSync(process.execPath, ['-e', dying, path])
    expect(statSync(path).isSocket()).toBe(true)
    const { job, texts, lines, address } = await listening({}, { address: { path } })
    expect(address).toEqual({ path, host: undefined, port: undefined })
    connect({ path }).end('one\n')
    await until(() => texts.length === 1)
    expect(lines[0]?.source).toBe(`${path}#1`)
    // Not one that is alive.
    expect(await failureOf(run(listen({ path }), () => {}).done)).toMatchObject({ code: 'input' })
    await job.stop()
    rmSync(folder, { recursive: true })
  })

  test('is refused when somebody listens there', async () => {
    const { job, port } = await listening()
    expect(await failureOf(run(listen({ port }), () => {}).done)).toMatchObject({
      code: 'input',
      message: expect.stringContaining('EADDRINUSE') as string,
    })
    await job.stop()
  })

  test.each([
    [{ port: -1 }, 'listen: expected a port from 0 to 65535, or a path, got port -1 and path undefined'],
    [{ port: 1.5 }, 'listen: expected a port from 0 to 65535, or a path, got port 1.5 and path undefined'],
    [{ path: '' }, "listen: expected a port from 0 to 65535, or a path, got port undefined and path ''"],
  ])('is checked: %j', (address, message) => {
    expect(() => listen(address)).toThrow(new TidemarkError('invalid-argument', message))
  })

  test.each([
    [{ maxConnections: 0 }, 'listen: maxConnections must be a whole number > 0, got 0'],
    [{ maxLineBytes: 0 }, 'listen: maxLineBytes must be a whole number of bytes from 1 to'],
    [{ lineTimeout: 0 }, 'listen: lineTimeout must be > 0, got 0'],
    [{ idleTimeout: 0 }, 'listen: idleTimeout must be > 0, got 0'],
  ])('so are the options: %j', (options, message) => {
    expect(() => listen({ port: 0 }, options)).toThrow(message)
  })
})

test('a stop closes connections and the server', async () => {
  const { job, port } = await listening()
  const socket = await peer(port)
  await Promise.all([once(socket, 'close'), job.stop()])
  const refused = connect({ port })
  const [error] = (await once(refused, 'error')) as [Error]
  expect(error.message).toContain('ECONNREFUSED')
})

test('a drain ends the input', async () => {
  const { job, port, texts } = await listening()
  const socket = await peer(port)
  socket.write('one\n')
  await until(() => texts.length === 1)
  await Promise.all([once(socket, 'close'), job.drain()])
  expect((await job.done).sources[0]).toMatchObject({ read: 1, ended: true })
})
