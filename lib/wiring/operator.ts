import type { Subscription } from 'rxjs'
import { CombinedWatermark } from '../watermarks/combined-watermark.ts'
import { Counters } from '../counters.ts'
import type { Event, Stream } from '../element.ts'
import { callbackError } from './callback.ts'
import type { Unfinished } from '../job/driver.ts'
import { connectStream, isInsertOnlyStream, StreamFlow } from './flow.ts'
import type { Job } from '../job/job.ts'
import type { Machine, OperatorContext } from './machine.ts'
import type { OperatorMetrics } from '../metrics.ts'
import type { StreamReceiver } from '../receiver.ts'
import type { SideOutput, SideWriter } from './side-output.ts'

/** An operator, as a value. */
export interface OperatorDefinition<TI, KI, PI, TO, KO, PO> {
  /** As in the public function: `window`. */
  readonly name: string
  /** Names the operator in metrics, errors and checkpoints; must be unique in a job. */
  readonly id?: string | undefined
  create(context: OperatorContext<TO, KO, PO>): Machine<Event<TI, KI, PI>>
}

/**
 * Makes a stream of one or more streams and a machine. Everything operators have in common happens here: the minimum
 * watermark over the inputs, its monotonicity, idleness, errors of callbacks, counters, large firings in slices.
 */
export function defineOperator<TI, KI, PI, TO, KO, PO>(
  sources: readonly Stream<TI, KI, PI>[],
  definition: OperatorDefinition<TI, KI, PI, TO, KO, PO>,
): Stream<TO, KO, PO> {
  // No operator takes anything back that was not taken back from it.
  const isInsertOnly = sources.every(isInsertOnlyStream)
  return new StreamFlow<TO, KO, PO>((receiver, job, teardown) => {
    const node = new OperatorNode(sources.length, isInsertOnly, definition, receiver, job, teardown)
    for (const [index, source] of sources.entries()) connectStream(source, node.input(index), job, teardown)
  }, isInsertOnly)
}

class OperatorNode<TI, KI, PI, TO, KO, PO> implements OperatorContext<TO, KO, PO>, Unfinished {
  readonly counters = new Counters()
  readonly id: string
  readonly isInsertOnly: boolean
  private readonly name: string
  private readonly job: Job
  private readonly teardown: Subscription
  private readonly receiver: StreamReceiver<TO, KO, PO>
  private readonly machine: Machine<Event<TI, KI, PI>>
  private readonly inputs: CombinedWatermark
  private readonly outputs: SideWriter<never>[] = []
  /** The machine has left work over for the watermark it was called with. */
  private isUnfinished = false
  /** The watermark that was passed on last. */
  private sent = -Infinity
  /** The watermark the machine was called with last. */
  private reaching = -Infinity
  /** The machine is being called with it. */
  private isReaching = false
  private isIdle = false
  private hasEnded = false

  constructor(
    inputs: number,
    isInsertOnly: boolean,
    definition: OperatorDefinition<TI, KI, PI, TO, KO, PO>,
    receiver: StreamReceiver<TO, KO, PO>,
    job: Job,
    teardown: Subscription,
  ) {
    this.name = definition.name
    this.job = job
    this.teardown = teardown
    this.receiver = receiver
    this.inputs = new CombinedWatermark(inputs)
    this.isInsertOnly = isInsertOnly
    this.id = job.operators.add(definition.name, definition.id, this)
    teardown.add(() => job.operators.remove(this.id))
    this.machine = definition.create(this)
  }

  get watermark(): number {
    return this.inputs.time
  }

  emit(event: Event<TO, KO, PO>): void {
    this.counters.out += 1
    this.receiver.event(event)
  }

  hasRoom(): boolean {
    return this.job.driver.hasRoom()
  }

  setTimer(time: number, fire: (time: number) => void): () => void {
    return this.job.timers.set(time, (due) => {
      try {
        fire(due)
      } catch (error) {
        throw callbackError(error, this.id)
      }
    })
  }

  fail(error: unknown): void {
    this.job.fail(callbackError(error, this.id))
  }

  open<S>(output: SideOutput<S> | undefined): SideWriter<S> | undefined {
    const writer = output?.open(this.job, this.teardown)
    if (writer !== undefined) this.outputs.push(writer)
    return writer
  }

  /** The receiver for one of the inputs. */
  input(index: number): StreamReceiver<TI, KI, PI> {
    const inputs = this.inputs
    return {
      event: (event) => {
        this.catchUp()
        if (inputs.isIdleInput(index)) this.activate(index)
        this.onEvent(event, index)
      },
      watermark: (time) => {
        this.catchUp()
        if (inputs.watermark(index, time)) this.resume()
      },
      idle: () => {
        this.catchUp()
        if (inputs.idle(index)) this.resume()
      },
      active: () => {
        if (inputs.isIdleInput(index)) this.activate(index)
      },
      end: () => {
        if (inputs.end(index) && !this.isUnfinished) this.resume()
      },
    }
  }

  /**
   * Acts on what the inputs have declared and passes it on: watermark, idleness, end. False if the machine has left work over
   * for the watermark; an end that comes meanwhile is seen when it has finished.
   */
  resume(): boolean {
    // What it emits is fed back into it: seen when the machine is done.
    if (this.isReaching) return true
    const inputs = this.inputs
    while (inputs.time > this.sent) {
      // Work is finished for the watermark it was left over at, however far the inputs are by now.
      if (this.reaching === this.sent) this.reaching = inputs.time
      if (!this.reach(this.reaching)) {
        if (!this.isUnfinished) this.job.driver.defer(this)
        this.isUnfinished = true
        return false
      }
      this.sent = this.reaching
      this.receiver.watermark(this.sent)
    }
    this.isUnfinished = false
    if (inputs.isIdle && !this.isIdle) this.receiver.idle()
    this.isIdle = inputs.isIdle
    if (inputs.hasEnded && !this.hasEnded) this.end()
    return true
  }

  metrics(): OperatorMetrics {
    const { id, name, counters, machine } = this
    return {
      id,
      name,
      ...counters.counts(),
      contributed: machine.contributed?.() ?? counters.out,
      held: machine.held?.() ?? 0,
      entries: machine.entries?.() ?? 0,
      watermark: this.inputs.time,
    }
  }

  /** Told downstream at once, because the event that did it may not come out here. */
  private activate(index: number): void {
    this.inputs.active(index)
    if (this.isIdle) this.receiver.active()
    this.isIdle = false
  }

  private onEvent(event: Event<TI, KI, PI>, index: number): void {
    this.counters.in += 1
    try {
      this.machine.onEvent(event, index)
    } catch (error) {
      throw callbackError(error, this.id, event)
    }
  }

  /** Finishes what was left over before anything else has its effect: only what pushes and can't be held back comes then. */
  private catchUp(): void {
    if (this.isUnfinished && !this.isReaching) this.job.driver.finish(this)
  }

  /** False if the machine has left work over, or has to wait for one before it that has. */
  private reach(time: number): boolean {
    const { machine } = this
    if (machine.onWatermark === undefined) return true
    if (this.job.driver.isHeldUp) return false
    this.isReaching = true
    try {
      return machine.onWatermark(time)
    } catch (error) {
      throw callbackError(error, this.id)
    } finally {
      this.isReaching = false
    }
  }

  private end(): void {
    this.hasEnded = true
    this.receiver.end()
    for (const output of this.outputs) output.end()
  }
}
