import type { Observable } from 'rxjs'
import { callbackError } from '../callback-error.ts'
import type { DirtyCells } from '../checkpoint/dirty-cells.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import { Counters } from '../counters.ts'
import { connectValues, ValueFlow } from './flow.ts'
import type { SideOutput, SideWriter } from './side-output.ts'
import type { Split, SplitListener } from '../split.ts'

/** What an operator on plain values may use. */
export interface ValueOperatorContext<R> {
  readonly counters: Counters
  /** Sends a value on. */
  emit(value: R): void
  /** Opens an output beside the main one; it ends with the operator. */
  open<S>(output: SideOutput<S> | undefined): SideWriter<S> | undefined
  /** Where checkpoints are taken, so that what is held has to note what changes. */
  readonly dirty: DirtyCells | undefined
  /** Processing time, epoch ms: the clock's when the present turn began. */
  readonly now: number
  /** Sets a processing-time timer, fired between turns. Returns a function that calls it off. */
  setTimer(time: number, fire: () => void): () => void
  /** The part of a source that the value at hand is of. */
  readonly split: Split | undefined
  /** Sends a value on as one of a split. */
  emitOf(split: Split | undefined, value: R): void
  /** Is told of splits, as long as the operator is there. */
  listen(listener: SplitListener): void
  /** A source has something to give: it is not silent, only not asked. */
  readonly isWaiting: boolean
}

/** What an operator on plain values does where it holds some of them back. */
export interface ValueMachine<T> {
  onValue(value: T): void
  /** No value will come. */
  onEnd(): void
  /** Its state as checkpoints see it. */
  readonly saved: SavedState
  /** Values in the state, each counted once. */
  held(): number
  /** Entries of the state. */
  entries(): number
  /** Values that are part of what went out. */
  contributed(): number
}

/** An operator on plain values, such as a parser, as a value. */
export interface ValueOperatorDefinition<T, R> {
  readonly name: string
  readonly id?: string | undefined
  /** Returns what takes each value. What that throws becomes a `callback` error that names the operator. */
  create(context: ValueOperatorContext<R>): ((value: T) => void) | ValueMachine<T>
}

/** Makes an observable of plain values of another one, with counters and errors like an operator's on streams. */
export function defineValueOperator<T, R>(
  source: Observable<T>,
  definition: ValueOperatorDefinition<T, R>,
): Observable<R> {
  return new ValueFlow<R>((receiver, job, teardown) => {
    const { name } = definition
    const { splits } = job.sources
    const counters = new Counters()
    const outputs: SideWriter<never>[] = []
    const id = job.operators.add(name, definition.id, {
      metrics: () => ({
        ...counters.counts(),
        id,
        name,
        contributed: machine?.contributed() ?? counters.out,
        held: machine?.held() ?? 0,
        entries: machine?.entries() ?? 0,
        watermark: -Infinity,
      }),
      save: () => machine && { version: machine.saved.version },
      get saved() {
        return machine?.saved
      },
    })
    teardown.add(() => job.operators.remove(id))
    const emit = (value: R): void => {
      counters.out += 1
      receiver.value(value)
    }
    const created = definition.create({
      counters,
      emit,
      open(output) {
        const writer = output?.open(job, teardown)
        if (writer !== undefined) outputs.push(writer)
        return writer
      },
      dirty: job.checkpoints?.dirty,
      get now() {
        return job.driver.now
      },
      setTimer: (time, fire) => {
        const callOff = job.timers.set(time, fire)
        teardown.add(callOff)
        return callOff
      },
      get split() {
        return splits.current
      },
      emitOf: (split, value) => splits.within(split, () => emit(value)),
      listen(listener) {
        splits.listeners.add(listener)
        teardown.add(() => splits.listeners.delete(listener))
      },
      get isWaiting() {
        return job.sources.open.some((source) => source.isReady)
      },
    })
    const machine = typeof created === 'function' ? undefined : created
    const onValue = typeof created === 'function' ? created : (value: T) => created.onValue(value)
    if (machine !== undefined) {
      const { checkpoints } = job
      checkpoints?.load({ id, watermark: -Infinity }, machine.saved, checkpoints.recovered?.operator(id))
      // What is held has come in before: so every value is accounted for.
      counters.in = machine.held()
    }
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
        machine?.onEnd()
        receiver.end()
        for (const output of outputs) output.end()
      },
    }
    connectValues(source, input, job, teardown)
  })
}
