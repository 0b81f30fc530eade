// Run by Jest against the packed package: the harness needs nothing of a runner but that it awaits promises.
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { boundedOutOfOrderness, sum, tumbling } from 'tidemark'
import { window } from 'tidemark/operators'
import { checkPipeline, events, laws } from 'tidemark/property-tests'

// Jest's own.
const { test } = /** @type {{ test: (name: string, run: () => Promise<unknown>) => void }} */ (
  /** @type {unknown} */ (globalThis)
)

const given = {
  events: events({ value: fc.nat(9), span: 60, disorder: 3 }),
  watermark: boundedOutOfOrderness(3),
  laws: [laws.orderInsensitive()],
  runs: 50,
}

test('what is right keeps its laws', () => checkPipeline((n) => n.pipe(window(tumbling(10), sum())), given))

test('what is broken is told', async () => {
  let windows = 0
  const arbitrary = { name: 'arbitrary', assign: () => [{ start: windows++, end: windows + 9 }] }
  await assert.rejects(
    checkPipeline((n) => n.pipe(window(arbitrary, sum())), given),
    /orderInsensitive does not hold/,
  )
})
