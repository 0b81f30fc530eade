import { describe, expect, test } from 'vitest'
import { fromIterable } from '../../adapters/iterable/from-iterable.ts'
import { Fate, MemoryStore, nothingDurable } from '../checkpoint/fixtures/crashing.ts'
import { failureOf } from '../fixtures/failure.ts'
import { RecordingSink } from '../fixtures/recording-sink.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { route, run, type RunOptions } from '../run.ts'

class PlaceSink extends RecordingSink<number> {
  readonly writesTo: string

  constructor(place: string) {
    super()
    this.writesTo = place
  }
}

const checkpoint: RunOptions = {
  checkpoint: { dir: 'memory', store: () => new MemoryStore(nothingDurable(), new Fate()) },
}
const refusal = {
  code: 'output',
  operator: 'recording',
  message: "recording: expected to write to 'here' alone, got recording that does so too",
}

describe.each<readonly [string, RunOptions]>([
  ['without checkpoints', {}],
  ['with checkpoints', checkpoint],
])('two sinks for one destination, %s', (_, options) => {
  test('in one job are refused before either is used', async () => {
    const sinks = [new PlaceSink('here'), new PlaceSink('there'), new PlaceSink('here')]
    const job = run(
      sinks.map((sink) => route(fromIterable([1]), sink)),
      options,
    )
    expect(await failureOf(job.done)).toMatchObject(refusal)
    // All that happens to those that were there first.
    expect(sinks.flatMap(({ calls }) => calls).filter((call) => call !== 'close')).toEqual([])
  })

  test('in two jobs are refused while the first one is at work, however it ends', async () => {
    for (const end of ['stop', 'fail'] as const) {
      const source = new ScriptedSource<number>()
      const first = run(source.values, new PlaceSink('here'), options)
      await turns(5)
      const late = new PlaceSink('here')
      expect(await failureOf(run(fromIterable([1]), late, options).done)).toMatchObject(refusal)
      expect(late.calls).toEqual([])
      if (end === 'stop') await first.stop()
      else {
        source.fail(new Error('gone'))
        await failureOf(first.done)
      }
      const sink = new PlaceSink('here')
      await run(fromIterable([1]), sink, options).done
      expect(sink.values).toEqual([1])
    }
  })
})

test('sinks that name no destination, or different ones, are let be', async () => {
  const sinks = [new RecordingSink<number>(), new RecordingSink<number>(), new PlaceSink('a'), new PlaceSink('b')]
  await run(sinks.map((sink) => route(fromIterable([1]), sink))).done
  expect(sinks.map(({ values }) => values)).toEqual([[1], [1], [1], [1]])
})
