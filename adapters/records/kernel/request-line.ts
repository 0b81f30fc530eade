import { space } from './find'

/** Behind the method of the request that was split last. */
export let methodEnd: usize = 0
/** Where its protocol begins. */
export let protocol: usize = 0

/** Splits `GET /path HTTP/1.1`; false for anything else. The path is what is between the first space and the last. */
export function splitRequest(start: usize, end: usize): bool {
  let at = start
  while (at < end && isMethodByte(load<u8>(at))) at += 1
  if (at == start || at == end || load<u8>(at) != space) return false
  methodEnd = at
  at = end
  while (at > methodEnd && load<u8>(at - 1) != space) at -= 1
  protocol = at
  return at > methodEnd + 2 && isProtocol(at, end)
}

function isMethodByte(byte: u8): bool {
  const letter = byte | 0x20
  return (letter >= 0x61 && letter <= 0x7a) || byte == 0x2d || byte == 0x5f // dash, underscore
}

/** Capitals, a slash, digits and dots. */
function isProtocol(start: usize, end: usize): bool {
  let at = start
  while (at < end && isCapital(load<u8>(at))) at += 1
  if (at == start || at + 1 >= end || load<u8>(at) != 0x2f) return false
  at += 1
  while (at < end && isVersionByte(load<u8>(at))) at += 1
  return at == end
}

function isCapital(byte: u8): bool {
  return byte >= 0x41 && byte <= 0x5a
}

function isVersionByte(byte: u8): bool {
  return (byte >= 0x30 && byte <= 0x39) || byte == 0x2e // dot
}
