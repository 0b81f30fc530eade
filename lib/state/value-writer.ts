import { TidemarkError } from '../errors.ts'
import { ByteWriter } from './byte-writer.ts'
import { tag, viewKinds } from './tag.ts'

const deepest = 1_000

const loneSurrogate = /\p{Surrogate}/u

/** Writes plain data. */
export class ValueWriter {
  readonly bytes: ByteWriter = new ByteWriter()
  #depth = 0

  clear(): void {
    this.bytes.clear()
    this.#depth = 0
  }

  value(value: unknown): void {
    switch (typeof value) {
      case 'number':
        this.#number(value)
        break
      case 'string':
        this.#text(value)
        break
      case 'boolean':
        this.bytes.byte(value ? tag.true : tag.false)
        break
      case 'undefined':
        this.bytes.byte(tag.undefined)
        break
      case 'bigint':
        this.bytes.byte(value < 0n ? tag.negativeBigint : tag.bigint)
        this.bytes.text((value < 0n ? -value : value).toString(16))
        break
      case 'object':
        if (value === null) this.bytes.byte(tag.null)
        else this.#nested(value)
        break
      case 'function':
        refuse(`a function${value.name === '' ? '' : ` '${value.name}'`}`)
        break
      default:
        refuse(String(value))
    }
  }

  #nested(value: object): void {
    this.#depth += 1
    if (this.#depth > deepest) refuse(`something circular, or nested deeper than ${deepest}`)
    this.#object(value)
    this.#depth -= 1
  }

  #number(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      this.bytes.byte(tag.number)
      this.bytes.float64(value)
    } else if (value < 0) {
      this.bytes.byte(tag.negative)
      this.bytes.uint(-1 - value)
    } else if (value < 128) {
      this.bytes.byte(tag.smallInteger + value)
    } else {
      this.bytes.byte(tag.integer)
      this.bytes.uint(value)
    }
  }

  #text(value: string): void {
    if (this.bytes.shortText(tag.text, value)) return
    if (loneSurrogate.test(value)) {
      const utf16 = Buffer.from(value, 'utf16le')
      this.bytes.byte(tag.brokenText)
      this.bytes.uint(utf16.length)
      this.bytes.bytes(utf16)
    } else {
      this.bytes.byte(tag.text)
      this.bytes.text(value)
    }
  }

  #object(value: object): void {
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === Object.prototype) this.#record(value, tag.record)
    else if (Array.isArray(value) && prototype === Array.prototype) this.#all(tag.array, value.length, value)
    else if (value instanceof Map && prototype === Map.prototype) {
      this.bytes.byte(tag.map)
      this.bytes.uint(value.size)
      for (const [key, item] of value) {
        this.value(key)
        this.value(item)
      }
    } else if (value instanceof Set && prototype === Set.prototype) this.#all(tag.set, value.size, value)
    else if (value instanceof Date && prototype === Date.prototype) {
      this.bytes.byte(tag.date)
      this.bytes.float64(value.getTime())
    } else if (prototype === null) this.#record(value, tag.dictionary)
    else if (ArrayBuffer.isView(value)) this.#view(value, prototype)
    else refuse(`an instance of ${nameOf(value)}`)
  }

  #all(kind: number, count: number, items: Iterable<unknown>): void {
    this.bytes.byte(kind)
    this.bytes.uint(count)
    for (const item of items) this.value(item)
  }

  #record(value: object, kind: number): void {
    if (Object.getOwnPropertySymbols(value).length > 0) refuse('an object with a symbol as a key')
    const keys = Object.keys(value)
    this.bytes.byte(kind)
    this.bytes.uint(keys.length)
    for (const key of keys) {
      this.#text(key)
      this.value((value as Readonly<Record<string, unknown>>)[key])
    }
  }

  #view(value: ArrayBufferView, prototype: unknown): void {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    if (prototype === Uint8Array.prototype) this.bytes.byte(tag.bytes)
    else {
      const kind = viewKinds.findIndex((view) => view.prototype === prototype)
      if (kind < 0) refuse(`an instance of ${nameOf(value)}`)
      this.bytes.byte(tag.view)
      this.bytes.byte(kind)
    }
    this.bytes.uint(bytes.length)
    this.bytes.bytes(bytes)
  }
}

function nameOf(value: object): string {
  return value.constructor?.name || 'a class'
}

function refuse(got: string): never {
  throw new TidemarkError('checkpoint', `encode: expected plain data, got ${got}`)
}
