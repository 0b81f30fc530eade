import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { boundedOutOfOrderness } from '../lib/watermarks/bounded-out-of-orderness.ts'
import { count } from '../lib/aggregates/count.ts'
import { tumbling } from '../lib/windows/tumbling.ts'
import { window } from '../operators/window.ts'
import { checkPipeline } from './check-pipeline.ts'
import * as laws from './laws/index.ts'
import { recorded } from './recorded.ts'
import { recordedLines } from './recorded-lines.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidemark-recorded-'))
afterAll(() => rmSync(folder, { recursive: true }))

function recording(...pieces: readonly object[]): string {
  const path = join(folder, `${pieces.length}.rec`)
  const head = { recording: 1, start: '2026-11-28T22:00:00.000Z' }
  writeFileSync(path, [head, ...pieces].map((piece) => `${JSON.stringify(piece)}\n`).join(''))
  return path
}

const start = Date.UTC(2026, 10, 28, 22)

test('lines are those of the bytes, however they came, with the moment of their ends', async () => {
  const path = recording({ at: 0, text: 'one\ntw' }, { at: 1_503, text: 'o\r\ngr' }, { at: 1_600, base64: 'w7xu' })
  expect(await recordedLines(path)).toEqual([
    { text: 'one', arrival: start },
    { text: 'two', arrival: start + 1_503 },
    { text: 'grün', arrival: start + 1_600 },
  ])
})

test('a recording is a fixture whose events come in other orders', async () => {
  const path = recording(...[5, 1, 9, 3, 61, 62].map((second, at) => ({ at, text: `${second}\n` })), {
    at: 9,
    text: '',
  })
  const events = (await recordedLines(path)).map(({ text }) => ({ value: text, time: 1_000 * Number(text) }))
  expect(events.length).toBe(6)
  await checkPipeline((texts) => texts.pipe(window(tumbling('1m'), count())), {
    events: recorded(events, { disorder: '5s' }),
    watermark: boundedOutOfOrderness('5s'),
    laws: [laws.orderInsensitive(), laws.accountsForEveryEvent()],
    runs: 50,
  })
})

test('what is no recording is refused', async () => {
  const path = join(folder, 'no.rec')
  writeFileSync(path, 'hello\n')
  await expect(recordedLines(path)).rejects.toMatchObject({ code: 'input' })
})
