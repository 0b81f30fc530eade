// 1. Whatever happens to processes, groups, brokers and answers: what copiers have committed is what was there to be copied, each record
//    once, in order. So it is where a producer's id belongs to a partition and fences zombies, and where it belongs to a process and only
//    the group's generation does.
// 2. The same seed gives the same run, to the last step.
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { type Circumstances, Copying, type Incident } from './fixtures/copying.ts'

const incidents: fc.Arbitrary<Incident[]> = fc.array(
  fc.record({
    kind: fc.constantFrom<Incident['kind'][]>(
      'produce',
      'produce',
      'start',
      'start',
      'crash',
      'suspend',
      'wake',
      'rebalance',
      'move',
      'time',
      'time',
      'fault',
      'fault',
      'down',
      'up',
    ),
    after: fc.nat(40),
    who: fc.nat(20),
    what: fc.nat(20),
  }),
  { maxLength: 30, size: 'max' },
)

const circumstances: fc.Arbitrary<Circumstances> = fc.record({
  seed: fc.option(fc.integer(), { nil: undefined }),
  protocol: fc.constantFrom('classic', 'cooperative', 'consumer'),
  isStatic: fc.boolean(),
  fencesById: fc.boolean(),
})

async function runOf(given: Circumstances, script: readonly Incident[]): Promise<Copying> {
  const copying = new Copying(given)
  copying.start('w0')
  copying.start('w1')
  copying.produce(8)
  await copying.suffer(script)
  await copying.recover()
  return copying
}

describe('copiers', () => {
  test.prop([circumstances, incidents], { numRuns: 150 })('copy each record once', async (given, script) => {
    const { outcome } = await runOf(given, script)
    expect(outcome.copied).toEqual(outcome.expected)
  })

  test.prop([circumstances, incidents], { numRuns: 20 })(
    'run in the same way with the same seed',
    async (given, script) => {
      const [first, second] = [await runOf(given, script), await runOf(given, script)]
      expect(second.log).toEqual(first.log)
      expect(second.cluster.control.steps).toBe(first.cluster.control.steps)
      expect(second.cluster.records('out', { isolation: 'uncommitted' })).toEqual(
        first.cluster.records('out', { isolation: 'uncommitted' }),
      )
    },
  )
})
