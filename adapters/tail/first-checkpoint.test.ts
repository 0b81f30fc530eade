// A job knows the file it began with, and where in it, also if it dies before its next regular checkpoint.
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { map } from 'rxjs'
import { afterAll, expect, test } from 'vitest'
import { DurableSink, Fate, MemoryStore, nothingDurable } from '../../lib/checkpoint/fixtures/crashing.ts'
import { failureOf } from '../../lib/fixtures/failure.ts'
import { turns } from '../../lib/fixtures/turns.ts'
import { run, type RunningJob } from '../../lib/run.ts'
import { tail, type TailOptions } from './tail.ts'

const root = mkdtempSync(join(tmpdir(), 'tidemark-'))
afterAll(() => rmSync(root, { recursive: true }))

test.each<NonNullable<TailOptions['from']>>(['end', 'start'])('from the %s no line is lost', async (from) => {
  const path = join(root, `${from}.log`)
  const before = from === 'start' ? ['before'] : []
  writeFileSync(path, 'before\n')
  const durable = nothingDurable()
  const written: unknown[] = []
  const start = (signal: AbortSignal): RunningJob =>
    run(tail(path, { from, poll: '20ms' }).pipe(map(({ text }) => text)), new DurableSink(written, new Fate()), {
      signal,
      checkpoint: { dir: 'memory', every: '1h', store: () => new MemoryStore(durable, new Fate()) },
    })

  const first = new AbortController()
  const dying = start(first.signal)
  // The first one is taken before anything is read.
  while ((durable.epoch ?? 0) < 2) await turns(1)
  appendFileSync(path, 'one\n')
  while (written.length < before.length + 1) await turns(1)
  first.abort(new Error('killed'))
  await failureOf(dying.done)
  renameSync(path, `${path}.1`)
  writeFileSync(path, 'two\n')

  const job = start(new AbortController().signal)
  while (written.length < before.length + 2) await turns(1)
  expect(written).toEqual([...before, 'one', 'two'])
  await job.stop()
})
