// Hostile peers against every socket there is: random bytes, lines and frames without an end, bytes that are no UTF-8, slow peers,
// connections that are dropped by the thousand, wrong certificates, no HTTP, floods of datagrams. Meanwhile good peers send numbered
// lines. Fails unless all of these come in order, everything else is refused for a reason that is known, and memory is bounded.
// `SEED=7 node bench/fuzz-sockets.mjs` repeats what was sent. Who attacks is a process of its own.
import { execFileSync, spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { route, run, sideOutput } from 'tidemark'
import { parse, syslog } from 'tidemark/adapters/format'
import { webhook } from 'tidemark/adapters/http'
import { datagrams, lengthPrefix, listen, octetCounting } from 'tidemark/adapters/socket'

const seed = Number(process.env['SEED'] ?? 1)
const rounds = Number(process.env['ROUNDS'] ?? 400)
const dropped = Number(process.env['DROPPED'] ?? 10_000)
/** Growth of resident memory, in MB. */
const mostGrowth = 160

let state = seed >>> 0
/** Whole numbers below a bound (mulberry32). @param {number} below */
function random(below) {
  state = (state + 0x6d2b79f5) >>> 0
  let mixed = Math.imul(state ^ (state >>> 15), state | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below
}

/** @param {number} length */
function randomBytes(length) {
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length; at++) bytes[at] = random(256)
  return bytes
}

/** @typedef {Record<'lines' | 'frames' | 'syslog' | 'tls' | 'http' | 'udp', number>} Ports */

/** How a good peer writes a line. @type {Record<string, (text: string) => string | Buffer>} */
const written = {
  lines: (text) => `${text}\n`,
  tls: (text) => `${text}\n`,
  syslog: (text) => `<13>Oct 11 22:14:15 host good: ${text}\n`,
  frames(text) {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(text.length)
    return Buffer.concat([length, Buffer.from(text)])
  },
}

/** @param {import('node:net').Socket} socket @param {string | Buffer} bytes */
async function write(socket, bytes) {
  if (socket.destroyed || socket.write(bytes)) return
  await Promise.race([
    new Promise((resolve) => socket.once('drain', resolve)),
    new Promise((resolve) => socket.once('close', resolve)),
    sleep(2_000),
  ])
}

/** @param {number} port */
function dial(port) {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.on('error', () => {})
  return socket
}

/** Closes a connection in one way or the other. @param {import('node:net').Socket} socket */
function drop(socket) {
  if (random(2) === 0) socket.destroy()
  else socket.resetAndDestroy()
}

/** What an attacker does with a connection. @type {Record<string, (port: number) => Promise<unknown>>} */
const attacks = {
  async 'random bytes'(port) {
    const socket = dial(port)
    for (let left = random(20); left > 0; left--) await write(socket, randomBytes(random(5_000)))
    socket.end()
  },
  async 'an endless line'(port) {
    const socket = dial(port)
    const block = Buffer.alloc(1 << 16, 'x')
    for (let left = 50 + random(100); left > 0; left--) await write(socket, block)
    socket.destroy()
  },
  async 'an endless frame'(port) {
    const socket = dial(port)
    await write(socket, Buffer.of(random(256), 0xff, 0xff, 0xff))
    const block = Buffer.alloc(1 << 16, 'y')
    for (let left = 50; left > 0; left--) await write(socket, block)
    socket.resetAndDestroy()
  },
  async 'no UTF-8'(port) {
    const socket = dial(port)
    await write(socket, Buffer.from('caf\xe9\n\xc0\x80\n\xed\xa0\x80\n', 'latin1'))
    socket.end()
  },
  /** One byte now and then, never a whole line. */
  async 'a slow one'(port) {
    const socket = dial(port)
    for (let left = 40; left > 0 && !socket.destroyed; left--) {
      socket.write('a')
      await sleep(100)
    }
    socket.destroy()
  },
  async 'many at once'(port) {
    const sockets = Array.from({ length: 20 + random(100) }, () => dial(port))
    await sleep(random(50))
    sockets.forEach(drop)
  },
  async 'a wrong certificate'(port) {
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: true })
    socket.on('error', () => {})
    await Promise.race([new Promise((resolve) => socket.once('close', resolve)), sleep(1_000)])
    socket.destroy()
  },
  async 'odd HTTP'(port) {
    const socket = dial(port)
    const lines = [
      'POST / HTTP/1.1',
      'Host: a',
      'Content-Length: 99999999',
      'Transfer-Encoding: chunked',
      'X: \0',
      '',
      'zz',
    ]
    for (let left = 8; left > 0; left--) await write(socket, `${lines[random(lines.length)]}\r\n`)
    socket.end()
  },
}

/** Sends numbered lines until told to end; says how many. @param {string} kind @param {number} port @param {() => boolean} isOver */
async function beGood(kind, port, isOver) {
  const socket = kind === 'tls' ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }) : dial(port)
  await once(socket, kind === 'tls' ? 'secureConnect' : 'connect')
  let number = 0
  for (; !isOver(); number++) {
    await write(socket, written[kind]?.(`good ${number}`) ?? '')
    await sleep(5)
  }
  await new Promise((resolve) => socket.end(() => resolve(undefined)))
  return number
}

/** @param {Ports} ports */
async function attack(ports) {
  let isOver = false
  const goods = ['lines', 'frames', 'syslog', 'tls'].map(
    async (kind) =>
      /** @type {const} */ ([kind, await beGood(kind, ports[/** @type {'lines'} */ (kind)], () => isOver)]),
  )
  const targets = [ports.lines, ports.frames, ports.syslog, ports.tls, ports.http]
  const names = Object.keys(attacks)
  const pending = new Set()
  const udp = createSocket('udp4')
  for (let round = 0; round < rounds; round++) {
    const attacking = attacks[names[random(names.length)] ?? '']?.(targets[random(targets.length)] ?? 0)
    pending.add(attacking)
    void attacking?.finally(() => pending.delete(attacking))
    for (let left = random(50); left > 0; left--) udp.send(randomBytes(random(200)), ports.udp, '127.0.0.1')
    if (pending.size > 20) await Promise.race(pending)
  }
  for (let left = dropped; left > 0; left -= 100) {
    const sockets = Array.from({ length: 100 }, () => dial(targets[random(targets.length)] ?? 0))
    await Promise.race([
      Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve)))),
      sleep(200),
    ])
    sockets.forEach(drop)
  }
  await Promise.all(pending)
  isOver = true
  console.log(JSON.stringify(Object.fromEntries(await Promise.all(goods))))
  process.exit()
}

/** Why something may be refused; anything else is a defect. */
const known =
  /^(longer than \d+ bytes|not UTF-8|closed before its end|(read|write) (ECONNRESET|EPIPE)|too many connections|no end of a (line|frame) within .*|TLS: .*|expected the length of a message, .*|no request: .*|4\d\d: .*|no room: .*|priority: .*|neither a priority .*|time: .*|empty line|expected time, .*|expected structured data.*|no version \d+)$/

async function defend() {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-'))
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', '/CN=localhost', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
  execFileSync('openssl', ['req', '-x509', '-nodes', '-days', '2', '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  })
  const tls = { key: readFileSync(key), cert: readFileSync(cert) }
  rmSync(folder, { recursive: true })

  /** How many were refused, by reason. @type {Map<string, number>} */
  const reasons = new Map()
  /** @type {Record<string, number>} */
  const good = { lines: 0, frames: 0, syslog: 0, tls: 0 }
  /** @type {string[]} */
  const defects = []
  /** @param {{ reason: string }} line */
  const refuse = ({ reason }) => {
    if (!known.test(reason)) defects.push(`refused for '${reason}'`)
    const kind = reason.replaceAll(/\d+|".*"|'.*'/g, '_')
    reasons.set(kind, (reasons.get(kind) ?? 0) + 1)
  }
  /** @param {string} kind @param {string} text */
  const take = (kind, text) => {
    const match = /^good (\d+)$/.exec(text)
    if (match === null) return
    if (Number(match[1]) !== good[kind]) defects.push(`${kind}: expected good ${good[kind]}, got ${text}`)
    good[kind] = Number(match[1]) + 1
  }
  const refused = sideOutput('refused')
  const bad = sideOutput('bad')
  const common = { maxConnections: 200, lineTimeout: '2s', refused }
  /** @type {Partial<Ports>} */
  const ports = {}
  /** @param {keyof Ports} kind */
  const onListening =
    (kind) =>
    (/** @type {{ port: number | undefined }} */ { port = 0 }) => {
      ports[kind] = port
    }
  const job = run([
    route(listen({ port: 0 }, { ...common, onListening: onListening('lines') }), ({ text }) => take('lines', text)),
    route(listen({ port: 0 }, { ...common, tls, onListening: onListening('tls') }), ({ text }) => take('tls', text)),
    route(listen({ port: 0 }, { ...common, framing: lengthPrefix(), onListening: onListening('frames') }), ({ text }) =>
      take('frames', text),
    ),
    route(
      listen({ port: 0 }, { ...common, framing: octetCounting(), onListening: onListening('syslog') }).pipe(
        parse(syslog(), { refused: bad }),
      ),
      ({ app, message }) => {
        if (app === 'good') take('syslog', message)
      },
    ),
    route(webhook({ port: 0 }, { maxConnections: 200, refused, onListening: onListening('http') }), () => {}),
    route(datagrams({ port: 0 }, { refused, onListening: onListening('udp') }), () => {}),
    route(refused, refuse),
    route(bad, refuse),
  ])
  job.done.catch((/** @type {unknown} */ error) => {
    console.error(error)
    process.exit(1)
  })
  while (Object.keys(ports).length < 6) await sleep(10)
  await sleep(300)
  const idle = process.memoryUsage.rss()
  let most = idle
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20)
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'attack', JSON.stringify(ports)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SEED: String(seed) },
  })
  let output = ''
  child.stdout.on('data', (piece) => (output += String(piece)))
  await once(child, 'close')
  // What is on its way.
  await sleep(3_000)
  clearInterval(watch)
  const { sources, balanced } = await job.stop()
  /** @type {Record<string, number>} */
  const sent = JSON.parse(output)
  for (const [kind, count] of Object.entries(sent)) {
    if (good[kind] !== count) defects.push(`${kind}: expected ${count} good lines, got ${good[kind]}`)
  }
  if (!balanced) defects.push('the ledger does not balance')
  const counted = sources.reduce((sum, source) => sum + source.refused, 0)
  const growth = (most - idle) / 2 ** 20
  if (growth > mostGrowth) defects.push(`memory grew by ${growth.toFixed(0)} MB`)
  for (const [kind, count] of [...reasons].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    console.log(String(count).padStart(8), kind)
  console.log(
    `seed ${seed}: ${JSON.stringify(good)} good lines; ${counted} refused by sources; memory grew by ${growth.toFixed(1)} MB`,
  )
  for (const defect of defects.slice(0, 20)) console.error(defect)
  process.exitCode = defects.length === 0 ? 0 : 1
}

const [mode, ports] = process.argv.slice(2)
if (mode === 'attack') await attack(JSON.parse(ports ?? '{}'))
else await defend()
