import type { AnyEvent, EventStream } from '../element.ts'
import { connectStream, isInsertOnlyStream, StreamFlow } from './flow.ts'
import type { OperatorDefinition } from './operator-definition.ts'
import { OperatorNode } from './operator-node.ts'

export type { OperatorDefinition }

/**
 * Makes a stream of one or more streams and a machine. Everything operators have in common is done around the machine: the minimum
 * watermark over the inputs, its monotonicity, idleness, errors of callbacks, counters, large firings in slices, checkpoints.
 */
export function defineOperator<I extends AnyEvent, O extends AnyEvent>(
  sources: readonly EventStream<I>[],
  definition: OperatorDefinition<I, O>,
): EventStream<O> {
  const isInsertOnly = sources.every(isInsertOnlyStream)
  const { retracts } = definition
  const givesInsertsOnly = retracts === undefined ? isInsertOnly : retracts === 'never'
  return new StreamFlow<O>((receiver, job, teardown) => {
    const node = new OperatorNode(sources.length, isInsertOnly, definition, receiver, job, teardown)
    for (const [index, source] of sources.entries()) connectStream(source, node.input(index), job, teardown)
  }, givesInsertsOnly)
}
