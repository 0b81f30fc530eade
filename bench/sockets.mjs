// What sockets cost: lines that a thousand connections send, read by `listen`, with and without a watermark for each connection,
// against a bare `net` server that splits them. Each contender runs in a process of its own, in turn, several times, and so does
// who sends; the best time of each counts, because everything else on a machine only makes a run slower. Then a slow consumer, to
// whom far more is sent than it takes, and what memory that needs.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { StringDecoder } from 'node:string_decoder'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { boundedOutOfOrderness, run } from 'tidemark'
import { parse } from 'tidemark/adapters/format'
import { listen } from 'tidemark/adapters/socket'
import { assignTimestamps, values } from 'tidemark/operators'
import { race, runAlone } from './race.mjs'
import { report } from './report.mjs'

const rounds = Number(process.env['ROUNDS'] ?? 5)
const connections = Number(process.env['CONNECTIONS'] ?? 1_000)
const lines = Number(process.env['LINES'] ?? 4_000_000)
/** Bytes that are sent to a slow consumer: a gigabyte. */
const pushed = Number(process.env['PUSHED'] ?? 2 ** 30)

/** 100 bytes, as of a log: a time in ms and some text. @param {number} number */
function line(number) {
  const text = `${1_700_000_000_000 + number} ${'GET /a/path/of/a/page HTTP/1.1 200 5120 '.repeat(3)}`
  return `${text.slice(0, 99)}\n`
}

/** Lines that are sent at once. */
const block = Buffer.from(Array.from({ length: 100 }, (_, number) => line(number)).join(''))

/** Sends blocks over some connections, all at the same time. @param {number} port @param {number} peers @param {number} blocks */
async function send(port, peers, blocks) {
  await Promise.all(
    Array.from({ length: peers }, async () => {
      const socket = connect({ port, host: '127.0.0.1' })
      await once(socket, 'connect')
      for (let sent = 0; sent < blocks; sent++) if (!socket.write(block)) await once(socket, 'drain')
      socket.end()
      await once(socket, 'close')
    }),
  )
}

/** Starts who sends. @param {number} port @param {number} peers @param {number} blocks */
function startSender(port, peers, blocks) {
  const args = [fileURLToPath(import.meta.url), 'send', String(port), String(peers), String(blocks)]
  return spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
}

/** Bytes of texts, so that no engine leaves anything out. */
let bytes = 0
let count = 0
let highest = 0

/** @param {string} text */
function timeOf(text) {
  const time = Number(text.slice(0, 13))
  if (time > highest) highest = time
  return time
}

/** Counts what it is given, and finishes when everything has come. @param {() => void} finish */
function counting(finish) {
  return (/** @type {string} */ text) => {
    bytes += text.length
    count += 1
    if (count === lines) finish()
  }
}

/** @typedef {(onListening: (port: number) => void) => Promise<void>} Contender */

/** Listens as bare as can be, and hands on the texts that `splitter` makes of each connection.
 * @param {() => (piece: Buffer, take: (text: string) => void) => void} splitter @returns {Contender} */
function bare(splitter) {
  return (onListening) =>
    new Promise((resolve) => {
      const server = createServer((socket) => {
        const split = splitter()
        socket.on('data', (piece) => split(piece, take))
      })
      const counted = counting(() => {
        server.close()
        resolve()
      })
      const take = (/** @type {string} */ text) => {
        timeOf(text)
        counted(text)
      }
      server.listen(0, '127.0.0.1', () => {
        const address = server.address()
        if (address !== null && typeof address !== 'string') onListening(address.port)
      })
    })
}

/** @type {Record<string, Contender>} */
const contenders = {
  /** Looks for line ends in the bytes, and makes a text of each line. */
  'bytes split': bare(() => {
    /** @type {Buffer} */
    let rest = Buffer.alloc(0)
    return (piece, take) => {
      const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece])
      let start = 0
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
        take(bytes.toString('utf8', start, end))
        start = end + 1
      }
      rest = bytes.subarray(start)
    }
  }),
  /** Makes one text of all that came, and cuts it: faster, but each line kept keeps 64 KiB. */
  'text split': bare(() => {
    const decoder = new StringDecoder('utf8')
    let rest = ''
    return (piece, take) => {
      const texts = (rest + decoder.write(piece)).split('\n')
      rest = texts.pop() ?? ''
      for (const text of texts) take(text)
    }
  }),
  async listen(onListening) {
    const take = counting(() => void job.stop())
    const source = listen({ port: 0 }, { maxConnections: 10_000, onListening: ({ port = 0 }) => onListening(port) })
    const job = run(source, ({ text }) => {
      timeOf(text)
      take(text)
    })
    await job.done
  },
  async 'listen, watermarks'(onListening) {
    const take = counting(() => void job.stop())
    const source = listen({ port: 0 }, { maxConnections: 10_000, onListening: ({ port = 0 }) => onListening(port) })
    const stream = source.pipe(
      parse(({ text }) => text),
      assignTimestamps(timeOf, boundedOutOfOrderness('5s', { idleTimeout: '1m' })),
      values(),
    )
    const job = run(stream, take)
    await job.done
  },
}

async function measure(/** @type {Contender} */ contender) {
  let start = 0
  await contender((port) => {
    startSender(port, connections, lines / connections / 100)
    start = performance.now()
  })
  const { user, system } = process.cpuUsage()
  return { ms: performance.now() - start, cpu: (user + system) / 1_000, count, bytes, highest }
}

/** How resident memory grows while a gigabyte is pushed to a consumer that takes 64 KiB or so every few milliseconds. */
async function slow() {
  const perTurn = 4_000
  let taken = 0
  let sinceRest = 0
  let most = 0
  const total = Math.floor(pushed / block.length) * 100
  /** @type {(port: number) => void} */
  let resolvePort = () => {}
  const port = new Promise((/** @type {(port: number) => void} */ resolve) => (resolvePort = resolve))
  const job = run(listen({ port: 0 }, { onListening: ({ port = 0 }) => resolvePort(port) }), ({ text }) => {
    bytes += text.length
    taken += 1
    if (taken === total) void job.stop()
    if (++sinceRest < perTurn) return undefined
    sinceRest = 0
    most = Math.max(most, process.memoryUsage.rss())
    return sleep(2)
  })
  const at = await port
  // Idle, but compiled and warm: what a hundredth of it has left.
  await sleep(200)
  const idle = process.memoryUsage.rss()
  startSender(at, 1, total / 100)
  await job.done
  return { megabytes: (most - idle) / 2 ** 20, taken }
}

const [name, ...rest] = process.argv.slice(2)
const contender = contenders[name ?? '']
if (name === 'send') {
  const [port = 0, peers = 0, blocks = 0] = rest.map(Number)
  await send(port, peers, blocks)
} else if (name === 'slow') {
  console.log(JSON.stringify(await slow()))
} else if (contender !== undefined) {
  console.log(JSON.stringify(await measure(contender)))
  process.exit()
} else {
  /** @type {Readonly<Record<string, { ms: number, count: number, bytes: number, highest: number }>>} */
  const best = race(import.meta.url, Object.keys(contenders), rounds)
  const bytesSplit = best['bytes split']
  if (bytesSplit === undefined) throw new Error('no rounds')
  /** @param {string} way */
  const ratio = (way) => {
    const result = best[way]
    if (result?.count !== lines || result.bytes !== bytesSplit.bytes || result.highest !== bytesSplit.highest) {
      throw new Error(`different results: ${JSON.stringify(best)}`)
    }
    return bytesSplit.ms / result.ms
  }
  const unit = 'x'
  report('sockets', [
    {
      name: `net and a byte splitter, ${connections} connections, lines/s`,
      measured: Math.round(lines / (bytesSplit.ms / 1_000)),
    },
    { name: 'net and a text splitter', measured: ratio('text split'), unit },
    { name: 'listen', measured: ratio('listen'), unit, atLeast: 0.6 },
    { name: 'listen, a watermark a connection', measured: ratio('listen, watermarks'), unit, atLeast: 0.6 },
    {
      name: `slow consumer: growth over ${pushed / 2 ** 20} MB`,
      measured: runAlone(import.meta.url, 'slow').megabytes,
      unit: ' MB',
      atMost: 64,
    },
  ])
}
