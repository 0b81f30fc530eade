import type { OperatorFunction } from 'rxjs'
import type { Diff, Element, Event, EventStream } from '../../lib/element.ts'
import { show, TidemarkError } from '../../lib/errors.ts'
import { defineOperator } from '../../lib/wiring/operator.ts'
import { QueryMachine } from './tasks/query-machine.ts'
import { taskScope } from './tasks/task-scope.ts'

/**
 * Keeps the rows of a table where `job.view(name)` finds them, and passes its changes on. In the pipeline of a `kafkaJob` alone.
 *
 * Of a stream that takes nothing back, the latest event of a key is its row. Rows are part of the task's state: they move with its partition,
 * and are there again when a task begins anew. What a view shows may be ahead of what has been committed by one commit.
 *
 * Changes leave at once. Holds all rows in memory, until they are taken back.
 *
 * @param name of the view; unique in a job, and the name of this operator in metrics, errors and checkpoints
 * @throws TidemarkError `wiring` outside of a `kafkaJob`, `invalid-argument`; `unsupported` as the error of the job, when a row is taken back that is
 *   not there, or the next row of a key comes before that
 * @see the interactive queries of Kafka Streams
 * @example
 * const job = kafkaJob({
 *   ...,
 *   pipeline: (changes) => changes.pipe(keyBy((change) => change.item), toTable(), queryable('stock'), changes()),
 * })
 * job.view<Stock>('stock').get('umbrella') ?? (await askProcess(await job.holderOf('umbrella')))
 */
export function queryable<T, K, P, D extends Diff>(
  name: string,
): OperatorFunction<Element<T, K, P, D>, Element<T, K, P, D>> {
  if (typeof name !== 'string' || name === '') {
    throw new TidemarkError('invalid-argument', `queryable: expected the name of a view, got ${show(name)}`)
  }
  const scope = taskScope()
  if (scope === undefined) {
    throw new TidemarkError('wiring', 'queryable: expected to be in the pipeline of a kafkaJob, got none')
  }
  const offer = scope.view(name)
  return (source: EventStream<Event<T, K, P, D>>) =>
    defineOperator<Event<T, K, P, D>, Event<T, K, P, D>>([source], {
      name: 'queryable',
      id: name,
      create(context) {
        const machine = new QueryMachine<T, K, P, D>(context)
        offer(machine)
        return machine
      },
    })
}
