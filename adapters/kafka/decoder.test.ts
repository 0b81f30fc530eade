import { describe, expect, test } from 'vitest'
import { toDecode } from './decoder.ts'
import { thrownBy } from './fixtures/errors-of.ts'
import type { KafkaRecord } from './kafka-record.ts'
import type { StandardSchema } from './standard-schema.ts'

interface Sale {
  readonly item: string
}

function recordOf(value: string | undefined, key?: string): KafkaRecord {
  return {
    topic: 'sales',
    partition: 1,
    offset: 5,
    timestamp: 7,
    key: key === undefined ? undefined : Buffer.from(key),
    value: value === undefined ? undefined : Buffer.from(value),
    headers: [['h', Buffer.from('x')]],
  }
}

const sale: StandardSchema<Sale> = {
  '~standard': {
    version: 1,
    vendor: 'by hand',
    validate(value) {
      const issues: { message: string }[] = []
      const item = (value as { item?: unknown } | null)?.item
      if (typeof item !== 'string') issues.push({ message: 'item must be a text' }, { message: 'nothing else will do' })
      return issues.length > 0 ? { issues } : { value: { item: String(item).trim() } }
    },
  },
}

test('a function is what decodes', () => {
  const decode = ({ offset }: KafkaRecord): number => offset
  expect(toDecode('kafka', decode)).toBe(decode)
})

describe('a validator', () => {
  const decode = toDecode('kafka', sale)

  test('gets the JSON of the value, and what it gives is in a message', () => {
    expect(decode(recordOf('{"item":" a "}', 'k'))).toEqual({
      topic: 'sales',
      partition: 1,
      offset: 5,
      timestamp: 7,
      key: 'k',
      value: { item: 'a' },
      headers: [['h', Buffer.from('x')]],
    })
    expect(decode(recordOf('{"item":"a"}'))).toMatchObject({ key: undefined })
  })

  test.each([
    ['what is not valid', '{"item":1}', 'item must be a text; nothing else will do'],
    ['what is no JSON', '{', /JSON/],
    ['a tombstone', undefined, 'expected a value, got a tombstone; kafkaTable reads them'],
  ])('refuses %s', (_, value, message) => {
    expect(() => decode(recordOf(value))).toThrow(message)
  })

  test('may be a function, as those of some libraries are', () => {
    const callable: StandardSchema<Sale> = Object.assign(() => {}, sale)
    expect(toDecode('kafka', callable)(recordOf('{"item":"a"}'))).toMatchObject({ value: { item: 'a' } })
  })

  test('has to answer at once', () => {
    const slow: StandardSchema<Sale> = {
      '~standard': { version: 1, vendor: 'by hand', validate: () => Promise.reject(new Error('unseen')) },
    }
    expect(thrownBy(() => toDecode('kafka', slow)(recordOf('{}')))).toBe(
      'invalid-argument: kafka: expected a validator that answers at once, got one with a promise',
    )
  })
})

test.each([[{}], ['json'], [{ '~standard': {} }], [null]])('%j is no decoder', (decoder) => {
  expect(thrownBy(() => toDecode('kafka', decoder as never))).toMatch(
    /^invalid-argument: kafka: decode must be a function or a Standard Schema validator, got /,
  )
})
