import type { Diff, Event, EventStream } from '../element.ts'
import { connectStream, StreamFlow } from '../wiring/flow.ts'
import { defineOperator } from '../wiring/operator.ts'
import type { SideOutput } from '../wiring/side-output.ts'
import { Answers } from './answers.ts'
import type { AsyncFailure } from './async-failure.ts'
import { AsyncMachine, type AsyncSettings } from './async-machine.ts'

/** What an operator that waits for promises is made of. */
export interface AsyncDefinition<T, R, K, P> {
  readonly name: string
  readonly id: string | undefined
  readonly isOrdered: boolean
  readonly settings: AsyncSettings<T, R>
  readonly errors: SideOutput<AsyncFailure<T, K, P>> | undefined
}

/**
 * Makes a stream of a stream and calls. It is an operator like any other, and behind it what makes the events and watermarks
 * that it passes on wait for the answers before them.
 */
export function defineAsync<T, R, K, P>(
  source: EventStream<Event<T, K, P, Diff>>,
  { name, id, isOrdered, settings, errors }: AsyncDefinition<T, R, K, P>,
): EventStream<Event<R, K, P>> {
  return new StreamFlow<Event<R, K, P>>((receiver, job, teardown) => {
    const writer = errors?.open(job, teardown)
    const answers = new Answers<Event<T, K, P>, Event<R, K, P>>(isOrdered, receiver, job, () => writer?.end())
    teardown.add(() => answers.close())
    const operator = defineOperator<Event<T, K, P, Diff>, Event<R, K, P>>([source], {
      name,
      id,
      retracts: 'never',
      create(context) {
        const machine = new AsyncMachine(settings, context, answers, writer, job)
        teardown.add(() => machine.close())
        return machine
      },
    })
    connectStream(operator, answers, job, teardown)
  }, true)
}
