import { ByteReader } from './byte-reader.ts'
import { tag, viewKinds } from './tag.ts'

/** Reads what a `ValueWriter` wrote. Nothing of it is a view of the bytes. */
export class ValueReader {
  readonly bytes: ByteReader

  constructor(bytes: Uint8Array) {
    this.bytes = new ByteReader(bytes, 'decode')
  }

  value(): unknown {
    const { bytes } = this
    const kind = bytes.byte()
    if (kind >= tag.smallInteger) return kind - tag.smallInteger
    switch (kind) {
      case tag.undefined:
        return undefined
      case tag.null:
        return null
      case tag.false:
        return false
      case tag.true:
        return true
      case tag.integer:
        return bytes.uint()
      case tag.negative:
        return -1 - bytes.uint()
      case tag.number:
        return bytes.float64()
      case tag.bigint:
        return BigInt(`0x${bytes.text()}`)
      case tag.negativeBigint:
        return -BigInt(`0x${bytes.text()}`)
      case tag.text:
        return bytes.text()
      case tag.brokenText:
        return bytes.bytes(bytes.uint()).toString('utf16le')
      case tag.date:
        return new Date(bytes.float64())
      case tag.array:
        return this.#items()
      case tag.record:
        return this.#fill({})
      case tag.dictionary:
        return this.#fill(Object.create(null) as Record<string, unknown>)
      case tag.map:
        return this.#map()
      case tag.set:
        return new Set(this.#items())
      case tag.bytes:
        return new Uint8Array(this.#buffer())
      case tag.view:
        return this.#view()
      default:
        return bytes.fail('a kind of value', `${kind}`)
    }
  }

  #items(): unknown[] {
    const items: unknown[] = []
    for (let left = this.bytes.uint(); left > 0; left--) items.push(this.value())
    return items
  }

  #map(): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>()
    for (let left = this.bytes.uint(); left > 0; left--) {
      const key = this.value()
      map.set(key, this.value())
    }
    return map
  }

  #fill(record: Record<string, unknown>): Record<string, unknown> {
    for (let left = this.bytes.uint(); left > 0; left--) {
      const key = String(this.value())
      const value = this.value()
      // To assign it would set the prototype.
      if (key === '__proto__')
        Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true })
      else record[key] = value
    }
    return record
  }

  #view(): ArrayBufferView {
    const kind = this.bytes.byte()
    const View = viewKinds[kind]
    return View === undefined ? this.bytes.fail('a kind of array', `${kind}`) : new View(this.#buffer())
  }

  #buffer(): ArrayBuffer {
    const length = this.bytes.uint()
    const copy = new Uint8Array(length)
    copy.set(this.bytes.bytes(length))
    return copy.buffer
  }
}
