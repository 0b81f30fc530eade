import { Column, columnAt, columnCount, setNone, setNumber, setText } from './columns'
import { clfTime, clfTimeLength } from './clf-time'
import { carriageReturn, closingQuote, dash, lineFeed, lineFeedFrom, space, wordEnd } from './find'
import { methodEnd, protocol, splitRequest } from './request-line'

/** Fields of an access log, as `kernel.ts` numbers them. */
const enum Field {
  Host,
  Ident,
  User,
  Time,
  Request,
  Method,
  Path,
  Protocol,
  Status,
  Bytes,
  Referer,
  Agent,
}

// Where the fields of the line are.
let host: usize = 0
let hostEnd: usize = 0
let ident: usize = 0
let identEnd: usize = 0
let user: usize = 0
let userEnd: usize = 0
let time: f64 = 0
let request: usize = 0
let requestEnd: usize = 0
let status: f64 = 0
/** NaN for `-`. */
let bytes: f64 = 0
let referer: usize = 0
let refererEnd: usize = 0
let agent: usize = 0
let agentEnd: usize = 0

/**
 * Reads a line of an access log; there must be a line feed.
 *
 * @returns where its line feed is; 0 for one that is not plain
 */
export function readAccessLog(start: usize, isCombined: bool): usize {
  let at = readUserAndTime(start)
  if (at == 0 || load<u16>(at) != spaceAndQuote) return 0
  request = at + 2
  requestEnd = closingQuote(request)
  if (requestEnd == 0) return 0
  at = readNumbers(requestEnd + 1)
  if (at == 0) return 0
  if (isCombined) {
    if (load<u16>(at) != spaceAndQuote) return 0
    referer = at + 2
    refererEnd = closingQuote(referer)
    if (refererEnd == 0 || load<u16>(refererEnd, 1) != spaceAndQuote) return 0
    agent = refererEnd + 3
    agentEnd = closingQuote(agent)
    if (agentEnd == 0) return 0
    at = agentEnd + 1
  }
  const end = load<u8>(at)
  if (end == space) at = lineFeedFrom(at)
  else if (end == carriageReturn && load<u8>(at, 1) == lineFeed) at += 1
  else if (end != lineFeed) return 0
  for (let i = 0; i < columnCount; i++) setField(columnAt(i))
  return at
}

const spaceAndQuote: u16 = 0x2220

/** @returns where the bracket of the time has closed, behind it; 0 if this is not plain */
function readUserAndTime(start: usize): usize {
  host = start
  hostEnd = wordEnd(start)
  if (hostEnd == start) return 0
  ident = hostEnd + 1
  if ((load<u64>(hostEnd) & 0xffff_ffff_ffff) == 0x5b20_2d20_2d20) {
    // What most logs have: ` - - [`.
    identEnd = ident + 1
    user = ident + 2
    userEnd = ident + 3
  } else {
    if (load<u8>(hostEnd) == lineFeed) return 0
    identEnd = wordEnd(ident)
    if (load<u8>(identEnd) == lineFeed) return 0
    user = identEnd + 1
    userEnd = wordEnd(user)
    if (load<u16>(userEnd) != 0x5b20) return 0
  }
  const from = userEnd + 2
  // Before the time is read, because it must not run into the next line.
  if (load<u8>(from, clfTimeLength) != 0x5d) return 0
  time = clfTime(from)
  return isNaN(time) ? 0 : from + clfTimeLength + 1
}

/** Reads status and bytes. @returns what is behind them, 0 if they are not plain */
function readNumbers(at: usize): usize {
  const hundreds = <u32>load<u8>(at, 1) - 0x30
  const tens = <u32>load<u8>(at, 2) - 0x30
  const ones = <u32>load<u8>(at, 3) - 0x30
  if (load<u8>(at) != space || hundreds > 9 || tens > 9 || ones > 9 || load<u8>(at, 4) != space) return 0
  status = <f64>(hundreds * 100 + tens * 10 + ones)
  at += 5
  if (load<u8>(at) == dash) {
    bytes = NaN
    return at + 1
  }
  const from = at
  let size: u64 = 0
  while (true) {
    const digit = <u32>load<u8>(at) - 0x30
    if (digit > 9) break
    size = size * 10 + digit
    at += 1
  }
  bytes = <f64>size
  // Fifteen digits are exact in a number.
  return at == from || at - from > 15 ? 0 : at
}

function setField(column: Column): void {
  switch (<Field>column.field) {
    case Field.Host:
      setText(column, host, hostEnd)
      break
    case Field.Ident:
      setTextOrNone(column, ident, identEnd)
      break
    case Field.User:
      setTextOrNone(column, user, userEnd)
      break
    case Field.Time:
      setNumber(column, time)
      break
    case Field.Request:
      setText(column, request, requestEnd)
      break
    case Field.Status:
      setNumber(column, status)
      break
    case Field.Bytes:
      setNumber(column, bytes)
      break
    case Field.Referer:
      setTextOrNone(column, referer, refererEnd)
      break
    case Field.Agent:
      setTextOrNone(column, agent, agentEnd)
      break
    default:
      setPart(column)
  }
}

/** A field that is a part of the request. */
function setPart(column: Column): void {
  if (!splitRequest(request, requestEnd)) setNone(column)
  else if (column.field == Field.Method) setText(column, request, methodEnd)
  else if (column.field == Field.Path) setText(column, methodEnd + 1, protocol - 1)
  else setText(column, protocol, requestEnd)
}

/** Absent is what is written as a dash. */
function setTextOrNone(column: Column, at: usize, end: usize): void {
  if (end - at == 1 && load<u8>(at) == dash) setNone(column)
  else setText(column, at, end)
}
