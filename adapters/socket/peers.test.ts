// Real programs at the other end: those of Debian's packages bsdutils, netcat-openbsd, socat, openssl and curl.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Observable } from 'rxjs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { VirtualClock } from '../../lib/clock.ts'
import { run, type RunningJob } from '../../lib/run.ts'
import { json } from '../format/json.ts'
import { parse } from '../format/parse.ts'
import { syslog } from '../format/syslog.ts'
import type { SyslogMessage } from '../format/syslog-message.ts'
import { eventStream } from '../http/event-stream.ts'
import { webhook } from '../http/webhook.ts'
import { fromIterable } from '../iterable/from-iterable.ts'
import type { Line } from '../line/line.ts'
import { connect } from './connect.ts'
import { datagrams } from './datagrams.ts'
import { type Certificate, certificate } from './fixtures/certificate.ts'
import { until } from './fixtures/listening.ts'
import { listen } from './listen.ts'
import { octetCounting } from './octet-counting.ts'
import type { BoundAddress } from './server.ts'

/** A test that needs a program. Where that is missing, it says so. */
function withProgram(program: string): (title: string, body: () => Promise<void>) => void {
  const isThere = spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
  return (title, body) => {
    if (!isThere) console.warn(`SKIPPED, for want of the program '${program}': ${title}`)
    test.skipIf(!isThere)(title, body)
  }
}

/** Runs a source that can be reached, and gathers what comes. */
async function gathering<T>(
  source: (onListening: (address: BoundAddress) => void) => Observable<T>,
): Promise<{ readonly job: RunningJob; readonly port: string; readonly values: T[] }> {
  const values: T[] = []
  let job: RunningJob | undefined
  const port = await new Promise<number>((resolve, reject) => {
    job = run(
      source((at) => resolve(at.port ?? 0)),
      (value) => void values.push(value),
    )
    job.done.catch(reject)
  })
  if (job === undefined) throw new Error('no job')
  return { job, port: String(port), values }
}

/** Runs a program to its end, with some input. */
async function ran(program: string, args: readonly string[], input = ''): Promise<string> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (piece: Buffer) => (output += String(piece)))
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number]
  expect([program, code]).toEqual([program, 0])
  return output
}

const texts = (lines: readonly Line[]): string[] => lines.map(({ text }) => text)
let folder: string
let own: Certificate

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidemark-'))
  own = certificate()
  writeFileSync(join(folder, 'cert.pem'), own.cert)
})

afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('logger', () => {
  const logger = withProgram('logger')
  const isMessage = (message: SyslogMessage | undefined, fields: Partial<SyslogMessage>): void => {
    expect(message).toMatchObject({ facility: 16, severity: 4, app: 'test', ...fields })
    expect(Math.abs((message?.time ?? 0) - Date.now())).toBeLessThan(60_000)
  }
  const common = ['-n', '127.0.0.1', '-p', 'local0.warning', '-t', 'test']
  // The machine's zone, in which the older format is.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone

  logger('speaks syslog of both kinds over UDP', async () => {
    const { job, port, values } = await gathering((onListening) =>
      datagrams({ port: 0 }, { onListening }).pipe(parse(syslog({ zone }), { strict: true })),
    )
    await ran('logger', [
      ...common,
      '-d',
      '-P',
      port,
      '--rfc5424',
      '--msgid',
      'ID',
      '--sd-id',
      'a@1',
      '--sd-param',
      'b="c d"',
      'new',
    ])
    await ran('logger', [...common, '-d', '-P', port, '--rfc3164', 'older'])
    await until(() => values.length === 2)
    isMessage(values[0], { message: 'new', messageId: 'ID' })
    expect(values[0]?.data).toMatchObject({ 'a@1': { b: 'c d' } })
    isMessage(values[1], { message: 'older', messageId: undefined })
    await job.stop()
  })

  logger('speaks syslog over TCP, counted and not', async () => {
    const { job, port, values } = await gathering((onListening) =>
      listen({ port: 0 }, { framing: octetCounting(), onListening }).pipe(parse(syslog({ zone }), { strict: true })),
    )
    await ran('logger', [...common, '-T', '-P', port, '--rfc5424', '--octet-count'], 'one\ntwo\n')
    await ran('logger', [...common, '-T', '-P', port, '--rfc5424'], 'three\nfour\n')
    await until(() => values.length === 4)
    expect(values.map(({ message }) => message)).toEqual(['one', 'two', 'three', 'four'])
    for (const value of values) isMessage(value, {})
    await job.stop()
  })
})

describe('nc', () => {
  const nc = withProgram('nc')

  nc('sends over TCP', async () => {
    const { job, port, values } = await gathering((onListening) => listen({ port: 0 }, { onListening }))
    await ran('nc', ['-N', '127.0.0.1', port], 'one\ntwo')
    await until(() => values.length === 2)
    expect(texts(values)).toEqual(['one', 'two'])
    await job.stop()
  })

  nc('sends over UDP', async () => {
    const { job, port, values } = await gathering((onListening) => datagrams({ port: 0 }, { onListening }))
    const child = spawn('nc', ['-u', '-q', '0', '127.0.0.1', port])
    child.stdin.write('one\n')
    await until(() => values.length === 1)
    child.kill()
    expect(texts(values)).toEqual(['one'])
    await job.stop()
  })

  nc('is a server that goes and comes back', async () => {
    const port = String(10_000 + (process.pid % 20_000))
    const values: string[] = []
    const clock = new VirtualClock()
    const job = run(
      connect({ port: Number(port) }, { backoff: { attempts: Infinity } }),
      ({ text }) => void values.push(text),
      {
        clock,
      },
    )
    for (const text of ['one', 'two']) {
      const server = ran('nc', ['-l', '-N', '127.0.0.1', port], `${text}\n`)
      await until(() => {
        clock.advanceTo(clock.now() + 1_000)
        return values.at(-1) === text
      })
      await server
    }
    expect(values).toEqual(['one', 'two'])
    await job.stop()
  })
})

describe('socat', () => {
  const socat = withProgram('socat')

  socat('sends to a Unix socket', async () => {
    const path = join(folder, 'lines.sock')
    const values: Line[] = []
    let isListening = false
    const job = run(listen({ path }, { onListening: () => (isListening = true) }), (line) => void values.push(line))
    await until(() => isListening)
    await ran('socat', ['-u', '-', `UNIX-CONNECT:${path}`], 'one\ntwo\n')
    await until(() => values.length === 2)
    expect(texts(values)).toEqual(['one', 'two'])
    await job.stop()
  })

  socat('sends to a multicast group', async () => {
    const group = '239.255.77.78'
    const { job, port, values } = await gathering((onListening) =>
      datagrams({ port: 0 }, { multicast: { group, interface: '127.0.0.1' }, onListening }),
    )
    await ran('socat', ['-u', '-', `UDP-DATAGRAM:${group}:${port},ip-multicast-if=127.0.0.1`], 'hello\n')
    await until(() => values.length === 1)
    expect(texts(values)).toEqual(['hello'])
    await job.stop()
  })
})

describe('openssl', () => {
  const openssl = withProgram('openssl')

  openssl('s_client sends over TLS', async () => {
    const { job, port, values } = await gathering((onListening) => listen({ port: 0 }, { tls: own, onListening }))
    const args = ['s_client', '-quiet', '-no_ign_eof', '-verify_return_error', '-CAfile', join(folder, 'cert.pem')]
    const child = spawn('openssl', [...args, '-connect', `127.0.0.1:${port}`], { stdio: ['pipe', 'ignore', 'ignore'] })
    child.stdin.write('one\ntwo\n')
    await until(() => values.length === 2)
    child.stdin.end()
    await once(child, 'close')
    expect(texts(values)).toEqual(['one', 'two'])
    await job.stop()
  })
})

describe('curl', () => {
  const curl = withProgram('curl')

  curl('posts NDJSON', async () => {
    const { job, port, values } = await gathering((onListening) =>
      webhook({ port: 0 }, { path: '/in', onListening }).pipe(parse(json<{ readonly n: number }>())),
    )
    const url = `http://127.0.0.1:${port}/in`
    const args = ['-s', '-o', '/dev/null', '-w', '%{http_code}', '-H', 'Content-Type: application/x-ndjson']
    expect(await ran('curl', [...args, '--data-binary', '@-', url], '{"n":1}\n{"n":2}\n')).toBe('202')
    // Announced with `Expect`, and in chunks.
    const many = Array.from({ length: 10_000 }, (_, n) => `{"n":${n}}\n`).join('')
    expect(await ran('curl', [...args, '-H', 'Transfer-Encoding: chunked', '--data-binary', '@-', url], many)).toBe(
      '202',
    )
    expect(values.length).toBe(10_002)
    expect(await ran('curl', [...args, url])).toBe('405')
    await job.stop()
  })

  curl('listens to Server-Sent Events until they end', async () => {
    let child: ChildProcess | undefined
    let output = ''
    const listens = new Promise<void>((resolve) => {
      const sink = eventStream<number>(
        { port: 0 },
        {
          run: 'r',
          onListening: (at) => {
            child = spawn('curl', ['-sN', `http://127.0.0.1:${at.port}/`])
            child.stdout?.on('data', (piece: Buffer) => (output += String(piece)))
            child.on('close', () => resolve())
          },
        },
      )
      let isOver = false
      function* numbers(): Generator<number> {
        for (let n = 1; !isOver; n++) yield n
      }
      const job = run(fromIterable(numbers(), { chunkSize: 1 }), sink)
      void until(() => output.includes('id: r-')).then(() => {
        isOver = true
        return job.done
      })
    })
    await listens
    expect(output).toMatch(/id: r-(\d+)\ndata: \1\n\n/)
    expect(output.endsWith('event: end\ndata:\n\n')).toBe(true)
  })
})
