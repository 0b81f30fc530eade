import { expect, test } from 'vitest'
import type { OperatorMetrics } from '../metrics.ts'
import { OperatorRegistry } from './operator-registry.ts'

const none: OperatorMetrics = {
  id: '',
  name: '',
  in: 0,
  out: 0,
  contributed: 0,
  late: 0,
  closed: 0,
  noWindow: 0,
  filtered: 0,
  refused: 0,
  windowDrops: 0,
  held: 0,
  entries: 0,
  watermark: -Infinity,
}
const counting = (counts: Partial<OperatorMetrics>): { metrics: () => OperatorMetrics } => ({
  metrics: () => ({ ...none, ...counts }),
})

test('ids are names, numbered from the second on; given ones are taken as they are', () => {
  const registry = new OperatorRegistry()
  const add = (name: string, id?: string): string => registry.add(name, id, counting({}))
  expect([add('map'), add('map'), add('window'), add('map', 'mine'), add('map', 'map#3'), add('map')]).toEqual([
    'map',
    'map#2',
    'window',
    'mine',
    'map#3',
    'map#4',
  ])
})

test.each(['map', 'mine'])("the id '%s' can't be given to two at a time", (id) => {
  const registry = new OperatorRegistry()
  registry.add('map', id, counting({}))
  expect(() => registry.add('filter', id, counting({}))).toThrow(
    expect.objectContaining({
      code: 'wiring',
      message: `filter: expected an id that no other operator of the job has, got '${id}'`,
    }),
  )
})

test('metrics come in the order in which events pass', () => {
  const registry = new OperatorRegistry()
  for (const id of ['window', 'keyBy', 'assignTimestamps']) registry.add(id, id, counting({ id }))
  expect(registry.metrics().map(({ id }) => id)).toEqual(['assignTimestamps', 'keyBy', 'window'])
})

test('the id of an operator that was torn down is free again, and the counts of all that had it add up', () => {
  const registry = new OperatorRegistry()
  const counts = { in: 3, out: 9, contributed: 1, late: 1, held: 1, entries: 1, watermark: 5 }
  for (const isSwept of [true, false, true]) {
    expect(registry.add('window', undefined, counting(counts))).toBe('window')
    registry.remove('window')
    registry.remove('window')
    if (isSwept) registry.sweep()
  }
  registry.add('window', 'window', counting({ ...counts, entries: 7, watermark: 8 }))
  expect(registry.metrics()).toEqual([
    { ...none, in: 12, out: 36, contributed: 4, late: 4, held: 4, entries: 7, watermark: 8 },
  ])
  expect(registry.verify()).toBeUndefined()
})

test('an operator that was torn down amid an event counts until it is swept', () => {
  const registry = new OperatorRegistry()
  let done = 0
  registry.add('flatMap', undefined, { metrics: () => ({ ...none, in: 1, contributed: done }) })
  registry.remove('flatMap')
  done = 1
  registry.sweep()
  done = 2
  expect(registry.metrics()).toEqual([{ ...none, in: 1, contributed: 1 }])
})

test('what is unknown can be removed', () => {
  const registry = new OperatorRegistry()
  registry.remove('window')
  expect(registry.metrics()).toEqual([])
})

test('an operator that does not account for every event is found, live or torn down', () => {
  const registry = new OperatorRegistry()
  registry.add('map', undefined, counting({ id: 'map', in: 2, contributed: 2 }))
  expect(registry.verify()).toBeUndefined()
  registry.add('lossy', undefined, counting({ id: 'lossy', in: 2, contributed: 1 }))
  expect(registry.verify()).toMatchObject({ code: 'ledger', operator: 'lossy' })
  registry.remove('lossy')
  registry.sweep()
  registry.add('lossy', undefined, counting({ id: 'lossy', in: 1, contributed: 1 }))
  expect(registry.verify()).toMatchObject({ code: 'ledger', operator: 'lossy' })
})
