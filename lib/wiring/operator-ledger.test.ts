// The ledger finds an operator that loses events, or makes some of nothing.
import { describe, expect, test } from 'vitest'
import { failureOf } from '../fixtures/failure.ts'
import { ScriptedSource } from '../fixtures/scripted-source.ts'
import { turns } from '../fixtures/turns.ts'
import { run } from '../run.ts'
import { timestamps, numbers, operator } from '../fixtures/tested-operator.ts'

describe('the ledger', () => {
  test('finds an operator that loses an event', async () => {
    const losing = operator(
      numbers(1, 2, 3),
      (context) => ({
        onEvent(each) {
          if (each.value !== 2) context.emit(each)
        },
      }),
      'lossy',
    )
    expect(await failureOf(run(losing, () => {}).done)).toMatchObject({
      code: 'ledger',
      operator: 'lossy',
      message:
        'lossy: expected to account for every event, got 3 in but 2 contributed, 0 late, 0 closed, 0 in no window, ' +
        '0 filtered, 0 refused, 0 held; this is a defect of the operator',
    })
  })

  test('finds an operator that makes events of nothing, and one that forgets what it held', async () => {
    const inventing = operator(numbers(1), (context) => ({
      onEvent(each) {
        context.emit(each)
        context.emit(each)
      },
    }))
    expect(await failureOf(run(inventing, () => {}).done)).toMatchObject({ code: 'ledger' })
    const forgetting = operator(numbers(1, 2), () => ({ onEvent() {}, held: () => 1 }))
    expect(await failureOf(run(forgetting, () => {}).done)).toMatchObject({ code: 'ledger' })
  })

  test('finds it in a job that is stopped, and in metrics before that', async () => {
    const source = new ScriptedSource<number>().give(1)
    const job = run(
      operator(source.values.pipe(timestamps), () => ({ onEvent() {} })),
      () => {},
    )
    await turns()
    expect(job.metrics().balanced).toBe(false)
    expect(await failureOf(job.stop())).toMatchObject({ code: 'ledger' })
  })

  test('takes counted losses and what is held', async () => {
    const counting = operator(numbers(1, 2, 3, 4), (context) => {
      let held = 0
      return {
        onEvent(each) {
          if (each.value === 1) context.emit(each)
          else if (each.value === 2) context.counters.filtered += 1
          else if (each.value === 3) context.counters.late += 1
          else held += 1
        },
        held: () => held,
        entries: () => held,
      }
    })
    const { operators, balanced } = await run(counting, () => {}).done
    expect(balanced).toBe(true)
    expect(operators[1]).toMatchObject({ in: 4, out: 1, filtered: 1, late: 1, held: 1, entries: 1 })
  })
})
