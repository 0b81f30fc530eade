import { show, TidemarkError } from '../../lib/errors.ts'
import { parseInstant } from './instant.ts'
import { jsonScan } from './json-scan.ts'
import { type Parser, unparsable, Unparsable } from './parser.ts'

/** Options of `json`. */
export interface JsonOptions<F extends string = string> {
  /** The fields a record has; `undefined` where the line's object has no such field of its own. The fewer, the faster. */
  readonly fields: readonly F[]
  /**
   * The one of them that is a point in time: a record has it as epoch ms, as `parseInstant` reads it, or as it is in the line where that is
   * none.
   */
  readonly instant?: F
}

const noObject = unparsable('JSON: expected an object')

/**
 * Makes the parser of some fields of objects.
 *
 * @param whole makes values of whole lines
 * @throws TidemarkError `invalid-argument` for a field that no record can have, or an instant that is no field
 */
export function jsonFields<F extends string>(
  whole: Parser<unknown>,
  { fields, instant }: JsonOptions<F>,
): Parser<Record<F, unknown>> {
  if (fields.some((field) => field === '__proto__')) {
    throw new TidemarkError('invalid-argument', "json: fields must be names other than '__proto__', got it")
  }
  if (instant !== undefined && !fields.includes(instant)) {
    throw new TidemarkError('invalid-argument', `json: instant must be one of the fields, got ${show(instant)}`)
  }
  const isScannable = fields.every((field) => !isLikeBrokenText(field))
  const scan = jsonScan(fields, instant === undefined ? [] : [instant])

  function recordOf(value: unknown): Record<string, unknown> | Unparsable {
    if (value instanceof Unparsable) return value
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return noObject
    const own = value as Readonly<Record<string, unknown>>
    const record: Record<string, unknown> = {}
    for (const field of fields) record[field] = Object.hasOwn(own, field) ? own[field] : undefined
    return record
  }

  return {
    name: whole.name,
    ...(isScannable && {
      recipe: {
        format: 'json',
        kinds: Object.fromEntries(fields.map((field) => [field, field === instant ? 'instant' : 'value'])),
      },
    }),
    parse(line) {
      const record = (isScannable ? scan(line) : undefined) ?? recordOf(whole.parse(line))
      if (instant !== undefined && !(record instanceof Unparsable)) {
        const millis = parseInstant(record[instant])
        if (typeof millis === 'number') record[instant] = millis
      }
      return record
    },
  }
}

/** Whether bytes that are no UTF-8 may be read as the name, so that it can't be told by its bytes. */
function isLikeBrokenText(name: string): boolean {
  return Buffer.from(name).toString().includes('\uFFFD')
}
