// Runs the cases of table-join.json. What they have in common with others is in README.md. `pipeline` is the `kind` of the join,
// and what `toTable` does with changes that are `outOfOrder`, on both sides. An event says which `input` it is for; a value that
// is null deletes. A result is a change of the view: `old` is the row that is taken back and `new` the one that comes in its
// place, each `[left, right]` with null for a side that is missing, or null for none. What is expected is all that leaves.
import { Subject } from 'rxjs'
import { expect, test } from 'vitest'
import { VirtualClock } from '../../lib/clock.ts'
import { type Diff, type Element, event, type Event } from '../../lib/element.ts'
import { run } from '../../lib/run.ts'
import { tableJoin, type TableJoined, type TableJoinKind } from '../../operators/table-join.ts'
import { toTable } from '../../operators/to-table.ts'
import { type Case, type Expected, expectedAfter, readCases } from './fixtures/case.ts'
import { settled } from './fixtures/settled.ts'

type Key = string | number
type Row = readonly [string | null, string | null]

interface Fed {
  readonly input: 'left' | 'right'
  readonly key: Key
  readonly value: string | null
  readonly time: number
}

interface Output {
  readonly key: Key
  readonly old: Row | null
  readonly new: Row | null
}

interface JoinCase extends Case {
  readonly pipeline: { readonly kind: TableJoinKind; readonly outOfOrder: 'arrival' | 'ignore' }
  readonly steps: readonly { readonly event: Fed }[]
  readonly expect: readonly Expected<Output>[]
}

type Input = Element<string | null, Key, undefined>
type Change = Event<TableJoined<TableJoinKind, string, string>, Key, undefined, Diff>

const { cases } = readCases<JoinCase>('table-join')

test.each(cases)('$id: $why', async (given) => {
  const happened = await runJoinCase(given)
  for (const [i, changes] of happened.entries()) {
    const { out = [] } = expectedAfter(i, given.expect)
    expect(changes.map(asWritten), `out after step ${i}`).toEqual(out.flatMap(inParts))
  }
})

test('each case has a name of its own, a source, and says what it shows', () => {
  const ids = cases.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { from, why } of cases) expect(`${from}: ${why}`).toMatch(/^(Kafka|definition).*: ./)
})

async function runJoinCase({ pipeline, steps }: JoinCase): Promise<readonly (readonly Change[])[]> {
  const { kind, outOfOrder } = pipeline
  const inputs = { left: new Subject<Input>(), right: new Subject<Input>() }
  const view = inputs.left.pipe(
    toTable({ outOfOrder, id: 'left' }),
    tableJoin(inputs.right.pipe(toTable({ outOfOrder, id: 'right' })), { kind }),
  )
  const clock = new VirtualClock()
  const changes: Change[] = []
  const job = run(view, (element) => void (element.kind === 'event' && changes.push(element)), { clock })
  // An error of the job is that of `stop` as well.
  job.done.catch(() => {})
  const happened: (readonly Change[])[] = []
  for (const { event: fed } of steps) {
    await settled(clock)
    inputs[fed.input].next(event(fed.value, fed.time, fed.key))
    await settled(clock)
    happened.push(changes.splice(0))
  }
  expect(job.metrics().balanced).toBe(true)
  await job.stop()
  return happened
}

interface Part {
  readonly op: '+' | '-'
  readonly key: Key
  readonly row: Row
}

function asWritten({ key, value: { left, right }, diff }: Change): Part {
  return { op: diff === 1 ? '+' : '-', key, row: [left ?? null, right ?? null] }
}

/** What is taken back leaves before what comes in its place. */
function inParts({ key, old, new: next }: Output): Part[] {
  return [
    ...(old === null ? [] : [{ op: '-', key, row: old } as const]),
    ...(next === null ? [] : [{ op: '+', key, row: next } as const]),
  ]
}
