import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { typescriptNode } from '../adapters/stdio/fixtures/typescript-node.ts'
import { boundedOutOfOrderness, sum, tumbling } from 'tidemark'
import { keyBy, map, window } from 'tidemark/operators'
import { calm, checkPipeline, events, type Law, LawBroken, laws, type Pipeline, refute } from 'tidemark/property-tests'
import { codeOf } from './counterexample/code-of.ts'
import { regressionCode } from './counterexample/regression-code.ts'

interface Hit {
  readonly page: string
  readonly bytes: number
}

const hits = events<Hit>({
  value: fc.record({ page: fc.constantFrom('a', 'b'), bytes: fc.nat({ max: 9 }) }),
  span: '2h',
  disorder: '5m',
  edges: '1h',
})

const options = { events: hits, watermark: boundedOutOfOrderness('5m'), laws: [laws.orderInsensitive()], seed: 7 }

async function brokenBy(check: Promise<unknown>): Promise<LawBroken> {
  const error = await check.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof LawBroken) return error
  throw new Error(`expected a broken law, got ${String(error)}`)
}

/** A pipeline that takes the last event to arrive for the last one. */
const lastToArrive: Pipeline<Hit> = (stream) => {
  let last = 0
  return stream.pipe(
    map((hit) => {
      last += 1
      return { ...hit, bytes: last }
    }),
    keyBy(({ page }) => page),
    window(
      tumbling('1h'),
      sum(({ bytes }) => bytes),
    ),
  )
}

describe('a counterexample', () => {
  const found = brokenBy(checkPipeline(lastToArrive, options))

  test('is as small as it gets', async () => {
    const { counterexample } = await found
    expect(counterexample.law).toBe('orderInsensitive')
    expect(counterexample.case).toEqual(calm(counterexample.case.events))
    expect(counterexample.case.events.length).toBe(2)
    expect(counterexample.case.events.reduce((sum_, { delay }) => sum_ + delay, 0)).toBeLessThanOrEqual(1)
  })

  test('can be read', async () => {
    const { counterexample } = await found
    const repeat = `{ seed: 7, path: '${counterexample.path}' }`
    expect(
      counterexample
        .toString()
        .replaceAll(repeat, '(seed and path)')
        .replaceAll(/case \d+, made smaller \d+ times/g, 'case N'),
    ).toMatchInlineSnapshot(`
      "orderInsensitive does not hold. A pipeline that breaks it gives another answer when a log is read again, or a partition is slow.

      expected the final result of the events in time order; at 0: expected {"key":"a","window":{"start":0,"end":3600000},"value":1}, got {"key":"a","window":{"start":0,"end":3600000},"value":2}

      The smallest case found, of 2 events (case N; repeat with (seed and path)):

      in   {"bytes":0,"page":"a"}@1h  ~55m  {"bytes":0,"page":"a"}@59m59s999ms  |
      out                                                                       a:[0,1h)=2&a:[1h,2h)=1

        expected     got
      > a:[0,1h)=1   a:[0,1h)=2
        a:[1h,2h)=2  a:[1h,2h)=1

      1  {"bytes":0,"page":"a"} happened at 1h, and arrived on time
         no watermark was there yet
         map: part of what left
         keyBy: part of what left
         window: held
      2  {"bytes":0,"page":"a"} happened at 59m59s999ms, and arrived 1ms after that
         the watermark was 55m, where event 1 had moved it
         map: part of what left
         keyBy: part of what left
         window: held

      To keep it as a test:

      test('orderInsensitive: 2 events, of seed 7', () =>
        checkCase(pipeline, options, {
          events: [
            { value: { page: 'a', bytes: 0 }, time: 3600000, delay: 0 },
            { value: { page: 'a', bytes: 0 }, time: 3599999, delay: 1 },
          ],
        }))"
    `)
  })

  test('is found again by seed and path', async () => {
    const { counterexample } = await found
    const { seed, path } = counterexample
    const again = await brokenBy(checkPipeline(lastToArrive, { ...options, seed, path }))
    expect(again.counterexample.case).toEqual(counterexample.case)
  })
})

describe('a test file that is written for a counterexample', () => {
  const root = fileURLToPath(new URL('../', import.meta.url))
  const folder = `${root}.cache/counterexamples/`
  const file = `${folder}found.test.ts`

  /** Two subjects of the same name: one that is broken, and one that has been mended. */
  const subject = (last: string): string => `
    import { boundedOutOfOrderness, sum, tumbling } from '${root}index.ts'
    import { keyBy, map, window } from '${root}operators/index.ts'
    import { laws } from '${root}property-tests/index.ts'
    export const options = { watermark: boundedOutOfOrderness('5m'), laws: [laws.orderInsensitive()] }
    export function pipeline(stream) {
      let last = 0
      return stream.pipe(
        map((hit) => ({ ...hit, bytes: ${last} })), keyBy(({ page }) => page), window(tumbling('1h'), sum(({ bytes }) => bytes)),
      )
    }`

  async function runFile(last: string): Promise<string> {
    writeFileSync(`${folder}subject.ts`, subject(last))
    const code = readFileSync(file, 'utf8').replace('tidemark/property-tests', `${root}property-tests/index.ts`)
    writeFileSync(`${folder}run.test.ts`, code)
    // The runner of the test that is run here must not be taken for that of the one around it.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env
    const ran = await promisify(execFile)(typescriptNode, ['--test', `${folder}run.test.ts`], { env }).catch(
      (failure: unknown) => failure as { readonly stdout: string },
    )
    return ran.stdout
  }

  test('fails as long as the pipeline is broken, and passes when it is mended', async () => {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    const regression = { file, subject: "import { options, pipeline } from './subject.ts'", runner: 'node:test' }
    await brokenBy(checkPipeline(lastToArrive, { ...options, regression }))
    expect(readFileSync(file, 'utf8')).toMatch(/^\/\/ orderInsensitive does not hold\./)
    const broken = await runFile('last += 1')
    expect(broken).toContain('fail 1')
    expect(broken).toContain('orderInsensitive: expected the final result of the events in time order')
    expect(await runFile('hit.bytes + 1')).toContain('pass 1')
  })
})

test('a law that broke is pursued, and no other that smaller cases break', async () => {
  const fewerThan = (least: number, most: number): Law<Hit> => ({
    name: `not ${least} to ${most} events`,
    why: 'It is a test.',
    needs: 'nothing',
    async check({ case: { events: all } }) {
      if (all.length >= least && all.length <= most) refute(`got ${all.length}`)
    },
  })
  const both = [fewerThan(3, 99), fewerThan(1, 2)]
  const { counterexample } = await brokenBy(checkPipeline(lastToArrive, { ...options, laws: both, seed: 1 }))
  expect([counterexample.law, counterexample.case.events.length]).toEqual(['not 3 to 99 events', 3])
})

test('a test to paste has all that is not calm', () => {
  const of = { ...calm([{ value: 'a', time: 1, delay: 0 }]), clock: [5], splits: [0, 1] }
  expect(regressionCode("it's broken", of)).toBe(
    [
      `test('it\\'s broken', () =>`,
      `  checkCase(pipeline, options, {`,
      `    events: [`,
      `      { value: 'a', time: 1, delay: 0 },`,
      `    ],`,
      `    clock: [5],`,
      `    splits: [0, 1],`,
      `  }))`,
    ].join('\n'),
  )
})

test.each<[string, unknown, string]>([
  ['texts', 'it\'s "so"\n', `'it\\'s "so"\\n'`],
  ['records', { a: 1, 'b c': [true, null], d: {} }, "{ a: 1, 'b c': [true, null], d: {} }"],
  ['numbers of all kinds', [-0, Number.NaN, 1n, Infinity], '[-0, Number.NaN, 1n, Number.POSITIVE_INFINITY]'],
  ['what has no literal', new Set([1]), 'new Set([1])'],
  ['nothing', undefined, 'undefined'],
])('writes %s as code', (_, value, code) => {
  expect(codeOf(value)).toBe(code)
})
