// Writes an access log in the combined format, as it might come from a few web servers by way of a log shipper: lines are out
// of order, some are much too late, and a few are no access log lines at all. The same options give the same bytes.
//
//     node examples/make-access-log.mjs --out examples/access.log
//     node examples/make-access-log.mjs --lines 1000000 --span 24h --late 0 --bad 0 --out /tmp/large.log
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    // How many lines, the late and bad ones included.
    lines: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    // Time from the first line to the last: a number and s, m, h or d.
    span: { type: 'string', default: '6h' },
    // How far behind the latest a line may come.
    disorder: { type: 'string', default: '60s' },
    // How many different hosts there are; an eighth of the lines, but not more than 20,000, unless given.
    hosts: { type: 'string' },
    // How many lines come 90 minutes after their time.
    late: { type: 'string', default: '5' },
    // How many lines don't parse.
    bad: { type: 'string', default: '3' },
    // A file, or `-` for standard output.
    out: { type: 'string', default: '-' },
  },
})

const lines = wholeNumber('lines', values.lines)
const span = milliseconds('span', values.span)
const disorder = milliseconds('disorder', values.disorder)
const hosts = wholeNumber('hosts', values.hosts ?? String(Math.max(1, Math.min(20_000, Math.floor(lines / 8)))))
const late = wholeNumber('late', values.late)
const bad = wholeNumber('bad', values.bad)
const random = generator(wholeNumber('seed', values.seed))

const start = Date.UTC(2018, 9, 11, 6)
const lateBy = 90 * 60_000
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const users = ['ada', 'grace', 'edsger', 'barbara']
const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/70.0.3538.67 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_14) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.0 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:62.0) Gecko/20100101 Firefox/62.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 12_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
  'Lookout/2.1 (the \\"polite\\" crawler; +https://crawler.example.net/)',
  'curl/7.61.1',
  '-',
]
const pages = ['/', '/search', '/items', '/items/detail', '/cart', '/help/returns', '/img/logo.svg', '/css/site.css']
const strays = [
  '[Thu Oct 11 07:31:02 2018] [notice] child pid 2041 exit signal Segmentation fault (11)',
  '10.0.3.12 - - [31/Sep/2018:08:59:59 +0000] "GET / HTTP/1.1" 200 512 "-" "-"',
  '10.0.1.77 - - [11/Oct/2018:10:12:44 +0000] "GET /items/4711/deta',
]

await write(values.out)

/** @param {string} path */
async function write(path) {
  const out = path === '-' ? process.stdout : createWriteStream(path)
  const everyLate = Math.floor(lines / (late + 1))
  const everyBad = Math.floor(lines / (bad + 1))
  let piece = ''
  for (let i = 1; i <= lines; i++) {
    // No line has a time beyond `now`, so that what comes up to `disorder` behind it is not too late.
    const now = start + Math.floor((span * (i - 1)) / lines)
    const isStray = i % everyBad === 0 && i / everyBad <= bad
    const isLate = i % everyLate === 0 && i / everyLate <= late
    if (isStray) piece += `${String(strays[(i / everyBad - 1) % strays.length])}\n`
    else piece += `${line(isLate ? now - lateBy : Math.max(start, now - delay()))}\n`
    if (piece.length > 65_536 || i === lines) {
      if (!out.write(piece)) await once(out, 'drain')
      piece = ''
    }
  }
  if (path !== '-') {
    out.end()
    await once(out, 'finish')
  }
}

/** Most lines are in order, some come up to `disorder` after their time. */
function delay() {
  return random() < 0.7 ? 0 : Math.floor(random() * disorder)
}

/** @param {number} time epoch ms */
function line(time) {
  const host = address(Math.floor(hosts * random() ** 2))
  const user = random() < 0.03 ? pick(users) : '-'
  const status = random() < 0.9 ? '200' : pick(['304', '404', '302', '500'])
  const size = status === '304' ? '-' : String(Math.floor(random() ** 3 * 60_000))
  return `${host} - ${user} [${stamp(time)}] "${request()}" ${status} ${size} "${referer()}" "${pick(agents)}"`
}

function request() {
  if (random() < 0.004) return '\\x16\\x03\\x01'
  const method = random() < 0.92 ? 'GET' : 'POST'
  const query = random() < 0.5 ? `?page=${String(Math.floor(random() * 40))}&sort=price` : ''
  return `${method} ${pick(pages)}${query} HTTP/1.1`
}

function referer() {
  if (random() < 0.3) return '-'
  if (random() < 0.02) return 'https://search.example.com/?q=\\"blue shoes\\"'
  return `https://shop.example.com${pick(pages)}?from=${String(Math.floor(random() * 1000))}`
}

/** One in eight hosts has IPv6, one in thirty has a name. @param {number} n */
function address(n) {
  if (n % 8 === 5) return `2001:db8:${(n >> 8).toString(16)}::${(n & 255).toString(16)}`
  if (n % 30 === 7) return `dsl-${String(n)}.example.org`
  return `10.${String(n >> 16)}.${String((n >> 8) & 255)}.${String(n & 255)}`
}

/** `11/Oct/2018:06:00:00 +0000`. @param {number} time epoch ms */
function stamp(time) {
  const date = new Date(time)
  const day = `${twoDigits(date.getUTCDate())}/${String(months[date.getUTCMonth()])}/${String(date.getUTCFullYear())}`
  return `${day}:${twoDigits(date.getUTCHours())}:${twoDigits(date.getUTCMinutes())}:${twoDigits(date.getUTCSeconds())} +0000`
}

/** @param {number} n */
function twoDigits(n) {
  return n < 10 ? `0${String(n)}` : String(n)
}

/** @param {readonly string[]} items */
function pick(items) {
  return String(items[Math.floor(random() * items.length)])
}

/** Numbers in [0, 1) that depend on the seed alone: Marsaglia's xorshift32. @param {number} seed */
function generator(seed) {
  let state = Math.imul(seed, 0x9e3779b1) | 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 0x1_0000_0000
  }
}

/** @param {string} name @param {string} text */
function wholeNumber(name, text) {
  if (!/^\d+$/.test(text)) throw new Error(`--${name}: expected a whole number, got '${text}'`)
  return Number(text)
}

/** @param {string} name @param {string} text */
function milliseconds(name, text) {
  const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? []
  const size = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[unit]
  if (size === undefined) throw new Error(`--${name}: expected a number and s, m, h or d, got '${text}'`)
  return Number(count) * size
}
