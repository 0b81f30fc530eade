import type { Observable } from 'rxjs'
import { callbackError } from '../callback-error.ts'
import { Counters } from '../counters.ts'
import { connectValues, ValueFlow } from './flow.ts'
import type { SideOutput, SideWriter } from './side-output.ts'

/** What an operator on plain values may use. */
export interface ValueOperatorContext<R> {
  readonly counters: Counters
  /** Sends a value on. */
  emit(value: R): void
  /** Opens an output beside the main one; it ends with the operator. */
  open<S>(output: SideOutput<S> | undefined): SideWriter<S> | undefined
}

/** An operator on plain values, such as a parser, as a value. */
export interface ValueOperatorDefinition<T, R> {
  readonly name: string
  readonly id?: string | undefined
  /** Returns what takes each value. What that throws becomes a `callback` error that names the operator. */
  create(context: ValueOperatorContext<R>): (value: T) => void
}

/** Makes an observable of plain values of another one, with counters and errors like an operator's on streams. */
export function defineValueOperator<T, R>(
  source: Observable<T>,
  definition: ValueOperatorDefinition<T, R>,
): Observable<R> {
  return new ValueFlow<R>((receiver, job, teardown) => {
    const { name } = definition
    const counters = new Counters()
    const outputs: SideWriter<never>[] = []
    const id = job.operators.add(name, definition.id, {
      metrics: () => ({
        ...counters.counts(),
        id,
        name,
        contributed: counters.out,
        held: 0,
        entries: 0,
        watermark: -Infinity,
      }),
    })
    teardown.add(() => job.operators.remove(id))
    const onValue = definition.create({
      counters,
      emit(value) {
        counters.out += 1
        receiver.value(value)
      },
      open(output) {
        const writer = output?.open(job, teardown)
        if (writer !== undefined) outputs.push(writer)
        return writer
      },
    })
    const input = {
      value(value: T): void {
        counters.in += 1
        try {
          onValue(value)
        } catch (error) {
          throw callbackError(error, id)
        }
      },
      end(): void {
        receiver.end()
        for (const output of outputs) output.end()
      },
    }
    connectValues(source, input, job, teardown)
  })
}
