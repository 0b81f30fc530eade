// Every diagram of the pages runs as it is drawn, through the pipeline in the code directly in front of it. That code has a
// constant for each output line; what arrives on the input lines it finds under the names given here. The diagrams of
// notation.md are about the notation, and have a test of their own.
import { beforeAll, expect, test } from 'vitest'
import { fences } from './fixtures/fences.ts'
import { Sandbox } from './fixtures/sandbox.ts'

const diagrams = fences.filter(({ at, language }) => language === 'marbles' && !at.startsWith('docs/notation.md'))

/** Runs a diagram of hits of a log: `hits`, `left` and `right` are streams of their hosts, `log` has the plain lines. */
const run = (at: string, diagram: string, pipeline: string): string => `
drawn['${at}'] = await runMarbles<string>(${JSON.stringify(diagram)}, ({ in: hits, left, right }) => {
  const log = hits?.pipe(
    filterElements((element) => element.kind === 'event'),
    mapElements(({ value, time }) => ({ host: value, time })),
  )
  ${pipeline}
  return { ${[...diagram.matchAll(/^(?!in|left|right)\w+/gm)].join(', ')} }
})
`

const program = `
import { filter as filterElements, map as mapElements } from 'rxjs'
import { boundedOutOfOrderness, count, countDistinct, hopping, sideOutput, sum, tumbling, type Event } from 'tidemark'
import { assignTimestamps, filter, keyBy, map, merge, window } from 'tidemark/operators'
import { runMarbles, type MarbleRun } from 'tidemark/testing'

const drawn: Record<string, MarbleRun> = {}
${diagrams.map(({ at, text, follows }) => run(at, text, follows?.text ?? '')).join('')}
process.stdout.write(JSON.stringify(drawn))
`

const sandbox = new Sandbox('diagrams')
sandbox.add('diagrams', program)
let drawn: Readonly<Record<string, { readonly actual: string }>>

beforeAll(async () => {
  drawn = JSON.parse(await sandbox.run('diagrams')) as typeof drawn
})

test('the code of the diagrams is right', async () => {
  expect(diagrams.length).toBeGreaterThanOrEqual(5)
  expect(await sandbox.typeCheck()).toEqual([])
})

test.each(diagrams)('the diagram at $at runs as it is drawn', ({ at, text, follows }) => {
  expect(follows?.language, 'code directly in front of the diagram').toBe('ts')
  expect(drawn[at]?.actual).toBe(text)
})
