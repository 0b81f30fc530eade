import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Line } from '../adapters/line/line.ts'
import { VirtualClock } from '../lib/clock.ts'
import { run } from '../lib/run.ts'
import { sideOutput } from '../lib/wiring/side-output.ts'
import { defineValueOperator } from '../lib/wiring/value-operator.ts'
import { replayedLines } from './replayed-lines.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidemark-replay-'))
const path = join(folder, 'tape')
afterAll(() => rmSync(folder, { recursive: true }))

const start = Date.UTC(2026, 10, 28, 22)
writeFileSync(
  path,
  `{"recording":1,"start":"2026-11-28T22:00:00.000Z"}
{"at":0,"text":"one\\ntw"}
{"at":250,"text":"o\\n"}
{"at":310,"text":"three"}
{"at":400,"text":""}
`,
)

/** What happens in a replay, and when: lines, and what a timer does that sets the next one each time. */
async function happenings(speed: number): Promise<readonly string[]> {
  const clock = new VirtualClock(start)
  const all: string[] = []
  const lines = replayedLines(path, clock, speed, sideOutput('too long'))
  const timed = defineValueOperator<Line, Line>(lines, {
    name: 'timed',
    create(context) {
      const tell = (what: string): void => void all.push(`${what} at ${context.now - start}`)
      const tick = (): void => {
        tell('tick')
        context.setTimer(context.now + 100, tick)
      }
      context.setTimer(start + 100, tick)
      return (line) => {
        tell(line.text)
        context.emit(line)
      }
    },
  })
  await run(timed, () => {}, { clock }).done
  return all
}

test.each([Infinity, 2, 50])('lines and timers come when they came, at %d times the speed', async (speed) => {
  const began = performance.now()
  expect(await happenings(speed)).toEqual([
    'one at 0',
    'tick at 100',
    'tick at 200',
    'two at 250',
    'tick at 300',
    'tick at 400',
    'three at 400',
  ])
  expect(performance.now() - began).toBeGreaterThan(390 / speed)
})

test('a job that is stopped waits for nothing', async () => {
  const clock = new VirtualClock(start)
  const job = run(replayedLines(path, clock, 1e-6, sideOutput('too long')), () => void job.stop(), { clock })
  await job.done
  expect(job.metrics().sources[0]?.read).toBe(1)
})
