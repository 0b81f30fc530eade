import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sum } from '../../lib/aggregates/sum.ts'
import { run, type RunningJob } from '../../lib/run.ts'
import { monotonous } from '../../lib/watermarks/monotonous.ts'
import { aggregate, assignTimestamps, changes, keyBy } from '../../operators/index.ts'
import { parse } from '../format/parse.ts'
import { peer, until } from './fixtures/listening.ts'
import { listen } from './listen.ts'

test('a checkpoint keeps what was made of the lines, and nothing of connections', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'tidemark-'))
  const totals: number[] = []
  const notices: string[] = []
  const start = async (): Promise<{ readonly job: RunningJob; readonly port: number }> => {
    let job: RunningJob | undefined
    const port = await new Promise<number>((resolve) => {
      const stream = listen({ port: 0 }, { onListening: (at) => resolve(at.port ?? 0) }).pipe(
        parse(({ text }) => Number(text)),
        assignTimestamps((n) => n, monotonous()),
        keyBy(() => 'all'),
        aggregate(sum(), { keep: 'forever' }),
        changes(),
      )
      job = run(
        stream,
        ({ op, value }) => {
          if (op === '+') totals.push(value)
        },
        { checkpoint: { dir }, onNotice: ({ code }) => void notices.push(code) },
      )
    })
    if (job === undefined) throw new Error('no job')
    return { job, port }
  }
  const first = await start()
  const socket = await peer(first.port)
  socket.write('1\n10\n')
  await until(() => totals.at(-1) === 11)
  await first.job.stop()
  expect(first.job.metrics().operators[1]).toMatchObject({ entries: 1, watermark: 10 })

  const second = await start()
  expect(second.job.metrics().operators[1]).toMatchObject({ entries: 0, watermark: 10 })
  const again = await peer(second.port)
  again.write('5\n100\n')
  await until(() => totals.at(-1) === 116)
  expect(second.job.metrics().operators[1]).toMatchObject({ entries: 1, watermark: 100 })
  again.destroy()
  await second.job.stop()
  expect(notices).toEqual(['not-replayable', 'not-replayable'])
  rmSync(dir, { recursive: true })
})
