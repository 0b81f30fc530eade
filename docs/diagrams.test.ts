// Every diagram of the pages runs as it is drawn, through the pipeline in the code directly in front of it. That code has a
// constant for each output line; what arrives on the input lines it finds under the names given in fixtures/drawing.ts. The diagrams of
// notation.md are about the notation, and have a test of their own.
import { beforeAll, expect, test } from 'vitest'
import { diagrams, drawing } from './fixtures/drawing.ts'
import { Sandbox } from './fixtures/sandbox.ts'

const sandbox = new Sandbox('diagrams')
sandbox.add('diagrams', drawing(diagrams))
let drawn: Readonly<Record<string, string>>

beforeAll(async () => {
  drawn = JSON.parse(await sandbox.run('diagrams')) as typeof drawn
})

test('the code of the diagrams is right', async () => {
  expect(diagrams.length).toBeGreaterThanOrEqual(40)
  expect(await sandbox.typeCheck()).toEqual([])
})

test.each(diagrams)('the diagram at $at runs as it is drawn', ({ at, text, follows }) => {
  expect(follows?.language, 'code directly in front of the diagram').toBe('ts')
  expect(drawn[at]).toBe(text)
})
