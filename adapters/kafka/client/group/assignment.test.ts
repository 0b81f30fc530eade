import { expect, test } from 'vitest'
import { decodeAssignment, encodeAssignment } from './assignment.ts'

const partitions = [
  { topic: 'orders', partition: 0 },
  { topic: 'orders', partition: 2 },
]
const body = '0000000100066f7264657273000000020000000000000002'

test.each([
  ['nothing at all', '', { partitions: [], given: undefined }],
  ['a version alone', '0000', { partitions: [], given: undefined }],
  ['version 0 without data', `0000${body}ffffffff`, { partitions, given: undefined }],
  ["version 1 with another client's data", `0001${body}0000000378797a`, { partitions, given: undefined }],
  ['data that look like a count without an end', `0000${body}000000047fffffff`, { partitions, given: undefined }],
])('reads %s', (_, hex, assignment) => {
  expect(decodeAssignment(Buffer.from(hex, 'hex'))).toEqual(assignment)
})

test('reads what it has written, in order', () => {
  const given = new Map([
    ['orders', 3],
    ['payments', 0],
  ])
  const bytes = encodeAssignment(partitions.toReversed(), given)
  expect(bytes.toString('hex')).toMatch(new RegExp(`^0000${body}`))
  expect(decodeAssignment(bytes)).toEqual({ partitions, given })
})
