// Laws of adding up lines where they are read:
// 1. However files are divided, the results of a command, their order, what it counts and what it says are those of a job that sees the lines
//    one by one: in order or out of it, late, unparsable, without a time, with conditions that fail.
// 2. Of several files the results are the same in any order, where nothing can be late.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { route, run } from '../../lib/run.ts'
import { parseCommandLine } from '../command-line.ts'
import { toPipeline } from '../pipeline.ts'
import type { Result } from '../rows.ts'
import { settle } from '../settle.ts'
import { openSources } from '../sources.ts'
import { summary } from '../summary.ts'
import { noTerminal } from '../surroundings.ts'
import { toConfig } from '../to-config.ts'
import { openSubtotals } from './open-subtotals.ts'
import { planOf } from './plan.ts'
import { rangesOf } from './ranges.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidemark-subtotals-'))
const paths = ['a.log', 'b.log'].map((name) => join(folder, name))
afterAll(() => rmSync(folder, { recursive: true }))

interface Outcome {
  readonly results: readonly Result[]
  readonly said: readonly string[]
}

/** @param ofRange bytes of a range; the lines are seen one by one if there is none */
async function outcome(argv: readonly string[], ofRange?: number): Promise<Outcome> {
  const said: string[] = []
  const say = (text: string): void => void said.push(text)
  const config = await settle(toConfig(parseCommandLine(argv), noTerminal), new PassThrough().end(), say)
  const plan = ofRange === undefined ? undefined : planOf(config)
  const ranges = plan && rangesOf(config.inputs, { ofRange: ofRange ?? 0, least: 1 })
  if (ofRange !== undefined && ranges === undefined) throw new Error(`no ranges for ${argv.join(' ')}`)
  const subtotals = plan && ranges && (await openSubtotals(plan, ranges))
  const from = subtotals ?? (await openSources(config.inputs, config, config.standardInput, say))
  const pipeline = await toPipeline(config, from, say)
  const results: Result[] = []
  const metrics = await run([route(pipeline.results, (result) => void results.push(result))]).done
  const windows = new Set(results.map(({ window }) => `${window.start} ${window.end}`)).size
  return { results, said: [...said, summary(pipeline.metrics(metrics), windows), ...pipeline.notes()] }
}

const hour = 3_60_000

/** How far lines are apart, and how far one is behind those before it, ms. */
interface Pace {
  readonly step: fc.Arbitrary<number>
  readonly late: fc.Arbitrary<number>
}

/** Most are in order by and large, some are late, and some of those together. */
const uneven: Pace = {
  step: fc.oneof(fc.integer({ min: 0, max: 20 * 60_000 }), fc.constantFrom(0, 60_000, hour / 2)),
  late: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ max: 60_000, min: 0 }) },
    { weight: 1, arbitrary: fc.integer({ max: 4 * hour, min: 0 }) },
    { weight: 3, arbitrary: fc.constantFrom(0, hour, 2 * hour, 2 * hour + 1) },
  ),
}

/** Times are where windows begin and watermarks come to stand. */
const even: Pace = {
  step: fc.constantFrom(0, 0, hour / 6, hour / 2, hour),
  late: fc.constantFrom(0, 0, 0, 1, hour / 2, hour),
}

const jsonLine = (at: number, late: Pace['late']): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc
        .record({
          late,
          user: fc.constantFrom('ada', 'bob', 'eve', 'zoë', 7, null, undefined),
          ms: fc.oneof(fc.integer({ min: -5, max: 2_000 }), fc.constantFrom(undefined, '12', '', 'many', 0.5)),
        })
        .map(({ late: behind, ...rest }) => JSON.stringify({ time: new Date(at - behind).toISOString(), ...rest })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', '{', '{"time":"never","ms":1}', '{"user":"ada"}', 'null', '{"time":0,"ms":1}'),
    },
  )

const accessLine = (at: number, late: Pace['late']): fc.Arbitrary<string> =>
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc
        .record({
          late,
          user: fc.constantFrom('-', 'ada', 'bob'),
          path: fc.constantFrom('/', '/a', '/a\\"b'),
          status: fc.constantFrom(200, 404, 500),
          bytes: fc.oneof(fc.constant('-'), fc.integer({ min: 0, max: 5_000 })),
        })
        .map(({ late: behind, user, path, status, bytes }) => {
          const [, day, month, year, time] =
            /, (\S+) (\S+) (\S+) (\S+) GMT/.exec(new Date(at - behind).toUTCString()) ?? []
          return `10.0.0.1 - ${user} [${day}/${month}/${year}:${time} +0000] "GET ${path} HTTP/1.1" ${status} ${bytes} "-" "-"`
        }),
    },
    { weight: 1, arbitrary: fc.constantFrom('', 'nothing', '10.0.0.1 - - [') },
  )

const logOf = (line: typeof jsonLine): fc.Arbitrary<string> =>
  fc
    .constantFrom(uneven, even)
    .chain(({ step, late }) =>
      fc.array(step, { maxLength: 60 }).chain((steps) => {
        let at = Date.UTC(2026, 0, 1)
        return fc.tuple(...steps.map((each) => line((at += each), late)))
      }),
    )
    .chain((lines) => fc.constantFrom('\n', '\r\n').map((end) => lines.map((text) => text + end).join('')))
    .map((text) => (text === '' ? '\n' : text))

/** @param number the name of a field with numbers, mostly */
const questionOf = (
  flags: readonly string[],
  number: string,
  wheres: readonly (readonly string[])[],
): fc.Arbitrary<readonly string[]> => {
  const aggregates = ['sum', 'avg', 'min', 'max', 'first', 'p50'].map((fn) => `${fn}(${number})`)
  const others = ['count()', 'rate()', 'distinct(user)', 'approx(user)', 'list(user)', 'last(user)', `top(${number},2)`]
  return fc
    .record({
      window: fc.constantFrom('1h', '10m', 'hop:1h/20m', 'cumulate:4h/1h', 'day@Europe/Amsterdam', 'none'),
      by: fc.constantFrom([], ['-b', 'user'], ['-b', `user,${number}`], ['-b', number]),
      agg: fc.subarray([...aggregates, ...others], { minLength: 1, maxLength: 3 }),
      where: fc.constantFrom([], [], ...wheres),
      mode: fc.constantFrom([], ['-m', 'retract'], ['-m', 'discard']),
    })
    .filter(({ window, agg }) => window !== 'none' || !agg.includes('rate()'))
    .map(({ window, by, agg, where, mode }) => [...flags, '-W', window, '-a', agg.join(), ...by, ...where, ...mode])
}

const json = {
  log: logOf(jsonLine),
  question: questionOf(['-p', 'json', '-t', 'time'], 'ms', [
    ['-w', 'ms > 3'],
    ['-w', 'user.length < 4'],
    ['-l', 'slow=ms > 100', '-w', '!slow'],
    ['-a', 'sum(mss)'],
    ['-a', 'max(time)'],
  ]),
}
const access = {
  log: logOf(accessLine),
  question: questionOf(['-p', 'combined'], 'bytes', [
    ['-w', 'status < 500'],
    ['-a', 'distinct(path),sum(status)'],
  ]),
}

const disorder = fc.constantFrom([], ['-d', '0s'], ['-d', '1m'], ['-d', '30m'])

test.each([
  ['JSON', json],
  ['access logs', access],
])(
  '1. of %s, the results of ranges are those of lines, in their order',
  { timeout: 60_000 },
  async (_, { log, question }) => {
    const [path = ''] = paths
    await fc.assert(
      fc.asyncProperty(
        log,
        question,
        disorder,
        fc.integer({ min: 1, max: 3_000 }),
        async (text, words, flags, ofRange) => {
          writeFileSync(path, text)
          const argv = [...words, ...flags, path]
          expect(await outcome(argv, ofRange)).toEqual(await outcome(argv))
        },
      ),
      { numRuns: 400 },
    )
  },
)

test('2. of several files the results are the same', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(json.log, json.log, json.question, fc.integer({ min: 1, max: 3_000 }), async (...parts) => {
      const [first, second, words, ofRange] = parts
      for (const [i, text] of [first, second].entries()) writeFileSync(paths[i] ?? '', text)
      const argv = [...words, ...paths]
      const [made, expected] = [await outcome(argv, ofRange), await outcome(argv)]
      expect(shown(made)).toEqual(shown(expected))
    }),
    { numRuns: 100 },
  )
})

/** In an order that does not depend on which file was read first. */
function shown({ results, said }: Outcome): readonly string[] {
  return [...results.map((result) => JSON.stringify(result)), ...said].toSorted()
}
