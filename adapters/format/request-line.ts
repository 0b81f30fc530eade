const space = 32
const slash = 47

/** Finds the parts of a request line, `METHOD path PROTOCOL`. */
export class RequestLine {
  /** Index behind the method; the path begins after a space. */
  methodEnd = 0
  /** Index of the protocol; the path ends before a space. */
  protocol = 0

  /**
   * Whether the bytes are a method of letters, `-` or `_`, a path that isn't empty, and a protocol such as `HTTP/1.1` or
   * `RTSP/1.0`, each after one space. The path may contain spaces: careless clients send them, and servers log them.
   */
  split(bytes: Buffer, start: number, end: number): boolean {
    let methodEnd = start
    while (methodEnd < end && isMethodByte(bytes[methodEnd] ?? 0)) methodEnd++
    if (methodEnd === start || methodEnd === end || bytes[methodEnd] !== space) return false
    let protocol = end
    while (protocol > methodEnd && bytes[protocol - 1] !== space) protocol--
    this.methodEnd = methodEnd
    this.protocol = protocol
    return protocol > methodEnd + 2 && isProtocol(bytes, protocol, end)
  }
}

function isMethodByte(byte: number): boolean {
  const letter = byte | 32
  return (letter >= 97 && letter <= 122) || byte === 45 || byte === 95
}

/** Capitals, a slash, digits and dots. */
function isProtocol(bytes: Buffer, start: number, end: number): boolean {
  let at = start
  while (at < end && isCapital(bytes[at] ?? 0)) at++
  if (at === start || at + 1 >= end || bytes[at] !== slash) return false
  at++
  while (at < end && isVersionByte(bytes[at] ?? 0)) at++
  return at === end
}

function isCapital(byte: number): boolean {
  return byte >= 65 && byte <= 90
}

function isVersionByte(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || byte === 46
}
