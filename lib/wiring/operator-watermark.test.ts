// What operators make of the watermarks and the idleness of their inputs.
import { from, Subject } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { filter, map, merge, window } from '../../operators/index.ts'
import { collect } from '../../testing/collect.ts'
import { runMarbles } from '../../testing/run-marbles.ts'
import { sum } from '../aggregates/sum.ts'
import { tumbling } from '../windows/tumbling.ts'
import { event, type Event, idle, watermark } from '../element.ts'
import { turns } from '../fixtures/turns.ts'
import { defineOperator } from './operator.ts'
import { run } from '../run.ts'
import { type NumberElement, end, operator, passing } from '../fixtures/tested-operator.ts'

describe('the watermark', () => {
  test('of the input reaches the machine and then what is behind, if it has risen', async () => {
    const log: string[] = []
    const elements: readonly NumberElement[] = [
      watermark(5),
      event(6, 6),
      watermark(5),
      watermark(4),
      watermark(-Infinity),
      event(1, 1),
      watermark(7),
    ]
    expect(await collect(operator(from(elements), passing(log)))).toEqual([
      watermark(5),
      event(6, 6),
      event(1, 1),
      watermark(7),
      end,
    ])
    expect(log).toEqual(['watermark 5', 'event 6 at 5', 'event 1 at 5', 'watermark 7', 'watermark Infinity'])
  })

  test('is +Infinity at the end though nobody said so, and only once', async () => {
    expect(await collect(operator(from<NumberElement[]>([]), passing([])))).toEqual([end])
    expect(await collect(operator(from([end]), passing([])))).toEqual([end])
  })

  test('of several inputs is the lowest', async () => {
    const log: string[] = []
    const [one, two] = [new Subject<NumberElement>(), new Subject<NumberElement>()]
    const inputs: number[] = []
    const both = defineOperator<Event<number, undefined, undefined>, Event<number, undefined, undefined>>([one, two], {
      name: 'both',
      create: (context) => ({
        onEvent(each, input) {
          inputs.push(input)
          context.emit(each)
        },
      }),
    })
    const job = run(
      both,
      (element) => void log.push(element.kind === 'event' ? `${element.value}` : JSON.stringify(element)),
    )
    await turns()
    one.next(watermark(5))
    one.next(event(7, 7))
    two.next(event(3, 3))
    two.next(watermark(9))
    one.complete()
    two.next(event(10, 10))
    await turns()
    expect(log).toEqual(['7', '3', '{"kind":"watermark","time":5}', '{"kind":"watermark","time":9}', '10'])
    expect(inputs).toEqual([0, 1, 1])
    two.complete()
    await job.done
    expect(log.slice(5)).toEqual(['{"kind":"watermark","time":null}'])
  })
})

describe('idleness', () => {
  /** Plays elements into inputs, and says what came out at each. */
  async function play(...steps: readonly (readonly [number, NumberElement | 'end'])[]): Promise<string[]> {
    const inputs = [new Subject<NumberElement>(), new Subject<NumberElement>()]
    const seen: string[] = []
    const job = run(merge(...inputs), (element) => {
      if (element.kind === 'event') seen.push(`${element.value}`)
      else seen.push(element.kind === 'idle' ? 'idle' : `~${element.time}`)
    })
    await turns()
    const log: string[] = []
    for (const [input, element] of steps) {
      if (element === 'end') inputs[input]?.complete()
      else inputs[input]?.next(element)
      await turns(3)
      log.push(seen.splice(0).join(' '))
    }
    await job.stop()
    return log
  }

  test('of one input no longer holds the others back', async () => {
    expect(await play([0, watermark(3)], [1, watermark(9)], [0, idle])).toEqual(['', '~3', '~9'])
  })

  test('ends with the next event; who is behind then holds nothing back', async () => {
    expect(
      await play(
        [0, watermark(3)],
        [0, idle],
        [1, watermark(9)],
        [0, event(4, 4)],
        [1, watermark(11)],
        [0, watermark(10)],
        [0, watermark(12)],
        [1, watermark(20)],
      ),
    ).toEqual(['', '', '~9', '4', '~11', '', '', '~12'])
  })

  test('of all inputs is passed on once, with the largest watermark before it; and again after an event', async () => {
    expect(
      await play([0, watermark(5)], [0, idle], [1, watermark(3)], [1, idle], [1, idle], [0, event(6, 6)], [0, idle]),
    ).toEqual(['', '', '~3', '~5 idle', '', '6', 'idle'])
  })

  test('an input that ends while the other is idle leaves the whole idle', async () => {
    expect(await play([0, idle], [1, watermark(4)], [1, 'end'], [0, 'end'])).toEqual(['', '~4', 'idle', '~Infinity'])
  })

  test('ends for those behind an operator that lets no event through: windows go on firing', async () => {
    const { actual, expected } = await runMarbles<number>(
      `
      in   1@1  idle  2@12  ~15
      out                   [0,10)=1
      `,
      ({ in: source }) => ({
        out: source.pipe(
          filter((n) => n === 1),
          map((n) => n),
          window(tumbling(10), sum()),
        ),
      }),
    )
    expect(actual).toBe(expected)
  })

  test('passes through operators with one input', async () => {
    const elements: readonly NumberElement[] = [event(1, 1), watermark(1), idle, event(2, 2), watermark(2)]
    expect(await collect(from(elements).pipe(map((n) => n)))).toEqual([...elements, end])
  })
})
