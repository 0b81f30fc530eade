import { didYouMean } from './did-you-mean.ts'

/** A record of a line, as any parser makes it. */
export type Fields = Readonly<Record<string, unknown>>

/** A value that can be a key, and be counted. */
export type Scalar = string | number | bigint | boolean

/** What is known of a field by the records so far, as plain data. */
export interface SeenField {
  readonly isSeen: boolean
  readonly notNumbers: number
  readonly others: readonly string[]
}

/**
 * Reads one field of every record, and knows in the end whether it was there. A record without it, or with null in it, has
 * nothing to read.
 */
export class Field {
  readonly name: string
  /** All objects have something of that name. */
  readonly #isInherited: boolean
  #isSeen = false
  /** Values that were to be numbers and are none; an empty text counts as nothing at all. */
  #notNumbers = 0
  /** The fields of the first record that lacked this one. */
  #others: readonly string[] = []

  constructor(name: string) {
    this.name = name
    this.#isInherited = name in Object.prototype
  }

  /** Some record had it. */
  get isSeen(): boolean {
    return this.#isSeen
  }

  /** The value as it is. */
  readonly read = (record: Fields): unknown => {
    const value = this.#isInherited && !Object.hasOwn(record, this.name) ? undefined : record[this.name]
    if (value !== undefined && value !== null) {
      this.#isSeen = true
      return value
    }
    if (!this.#isSeen && this.#others.length === 0) this.#others = Object.keys(record)
    return undefined
  }

  /** The value as it can be told from others. */
  readonly readScalar = (record: Fields): Scalar | undefined => toScalar(this.read(record))

  /** The value as a number. */
  readonly readNumber = (record: Fields): number | undefined => {
    const number = toNumber(this.read(record))
    if (!Number.isNaN(number)) return number
    this.#notNumbers += 1
    return undefined
  }

  /** Gives what it knows to one of the same name elsewhere, and begins anew. */
  take(): SeenField {
    const seen = { isSeen: this.#isSeen, notNumbers: this.#notNumbers, others: this.#others }
    this.#isSeen = false
    this.#notNumbers = 0
    this.#others = []
    return seen
  }

  /** Takes over what another one of this name has seen behind what this one has. */
  add({ isSeen, notNumbers, others }: SeenField): void {
    if (!this.#isSeen && this.#others.length === 0) this.#others = others
    this.#isSeen ||= isSeen
    this.#notNumbers += notNumbers
  }

  /** What the user should know of it when all is done. */
  notes(): string[] {
    const notes: string[] = []
    if (!this.#isSeen && this.#others.length > 0) {
      notes.push(`no record has a field '${this.name}'${didYouMean(this.name, this.#others)}`)
    }
    if (this.#notNumbers > 0) notes.push(`field '${this.name}': left out what is no number (${this.#notNumbers})`)
    return notes
  }
}

/** A value as it can be told from others, a list or an object as its JSON; `undefined` for one that is not there. */
export function toScalar(value: unknown): Scalar | undefined {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
    case 'undefined':
      return value
    default:
      return value === null ? undefined : JSON.stringify(value)
  }
}

/** A value as a number, also one that is written as a text; `undefined` for nothing and an empty text, NaN for what is none. */
export function toNumber(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : Number.NaN
}

/** Tells a record from other values. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Tells whether there is something in a field. */
export function hasField(record: Fields, name: string): boolean {
  const value = record[name]
  return value !== undefined && value !== null && value !== ''
}
