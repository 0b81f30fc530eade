import type { DirtyCells } from '../checkpoint/dirty-cells.ts'
import type { Subscription } from 'rxjs'
import { Counters } from '../counters.ts'
import type { AnyEvent } from '../element.ts'
import type { OperatorRecord } from '../checkpoint/job-record.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import type { Unfinished } from '../job/driver-host.ts'
import type { Checkpoints } from '../job/checkpoints.ts'
import type { Job } from '../job/job.ts'
import type { OperatorMetrics } from '../metrics.ts'
import type { StreamReceiver } from '../receiver.ts'
import { CombinedWatermark } from '../watermarks/combined-watermark.ts'
import { callbackError } from '../callback-error.ts'
import { Growth } from './growth.ts'
import type { Machine, OperatorContext } from './machine.ts'
import type { OperatorDefinition } from './operator-definition.ts'
import { stateMetrics } from './state-metrics.ts'
import type { SideOutput, SideWriter } from './side-output.ts'

/**
 * An operator at work in a job: everything that operators have in common, around a machine. The minimum watermark over the inputs,
 * its monotonicity, idleness, errors of callbacks, counters, large firings in slices.
 */
export class OperatorNode<I extends AnyEvent, O extends AnyEvent> implements OperatorContext<O>, Unfinished {
  readonly counters: Counters = new Counters()
  readonly id: string
  readonly isInsertOnly: boolean
  readonly dirty: DirtyCells | undefined
  readonly order: number
  private readonly name: string
  private readonly job: Job
  private readonly teardown: Subscription
  private readonly receiver: StreamReceiver<O>
  private readonly machine: Machine<I>
  private readonly inputs: CombinedWatermark
  private readonly outputs: SideWriter<never>[] = []
  private readonly growth: Growth | undefined
  /** The machine has left work over for the timer or the watermark it was called with. */
  private isUnfinished = false
  /** A timer that has fired and is not done. */
  private fired: (() => boolean) | undefined
  /** The watermark that was passed on last. */
  private sent = -Infinity
  /** The watermark the machine was called with last. */
  private reaching = -Infinity
  /** The machine is being called with it. */
  private isWorking = false
  private isIdle = false
  private hasEnded = false

  constructor(
    inputs: number,
    isInsertOnly: boolean,
    definition: OperatorDefinition<I, O>,
    receiver: StreamReceiver<O>,
    job: Job,
    teardown: Subscription,
  ) {
    this.name = definition.name
    this.job = job
    this.teardown = teardown
    this.receiver = receiver
    this.inputs = new CombinedWatermark(inputs)
    this.isInsertOnly = isInsertOnly
    this.dirty = job.checkpoints?.dirty
    this.order = job.driver.nextOrder()
    this.id = job.operators.add(definition.name, definition.id, this)
    teardown.add(() => job.operators.remove(this.id))
    this.machine = definition.create(this)
    this.growth = definition.endless && new Growth(definition.endless, job.notify)
    this.load(job.checkpoints)
  }

  get watermark(): number {
    return this.inputs.time
  }

  emit(event: O): void {
    this.counters.out += 1
    this.receiver.event(event)
  }

  hasRoom(): boolean {
    return this.job.driver.hasRoom(this)
  }

  get now(): number {
    return this.job.driver.now
  }

  setTimer(time: number, fire: (time: number) => boolean): () => void {
    return this.job.timers.set(time, (due) => {
      this.catchUp()
      this.fired = () => fire(due)
      this.resume()
    })
  }

  fail(error: unknown): void {
    this.job.fail(callbackError(error, this.id))
  }

  /** What checkpoints keep of it beside the cells of its machine. */
  save(): OperatorRecord {
    const { saved, inputs, sent, isIdle } = this
    return { version: saved?.version, shape: saved?.shape?.layout, inputs: inputs.save(), sent, isIdle }
  }

  get saved(): SavedState | undefined {
    return this.machine.saved
  }

  /** Whether it holds something that checkpoints don't see. */
  get isUnsaved(): boolean {
    return this.machine.saved === undefined && this.machine.held !== undefined
  }

  open<S>(output: SideOutput<S> | undefined): SideWriter<S> | undefined {
    const writer = output?.open(this.job, this.teardown)
    if (writer !== undefined) this.outputs.push(writer)
    return writer
  }

  /** The receiver for one of the inputs. */
  input(index: number): StreamReceiver<I> {
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
    if (this.isWorking) return true
    const inputs = this.inputs
    if (this.fired !== undefined) {
      if (!this.work(this.reaching)) return this.putOff()
      this.fired = undefined
    }
    while (inputs.time > this.sent) {
      // Work is finished for the watermark it was left over at, however far the inputs are by now.
      if (this.reaching === this.sent) this.reaching = inputs.time
      if (!this.work(this.reaching)) return this.putOff()
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
    const { id, name, counters, machine, inputs } = this
    return { id, name, ...counters.counts(), ...stateMetrics(machine, counters), watermark: inputs.time }
  }

  private load(checkpoints: Checkpoints | undefined): void {
    const record = checkpoints?.recovered?.operator<OperatorRecord>(this.id)
    if (record !== undefined) {
      this.inputs.load(record.inputs)
      this.sent = record.sent
      this.reaching = record.sent
      this.isIdle = record.isIdle
    }
    if (this.saved !== undefined) checkpoints?.load(this, this.saved, record)
    // What is held has come in before: so every event is accounted for.
    this.counters.in = this.machine.held?.() ?? 0
  }

  /** Told downstream at once, because the event that did it may not come out here. */
  private activate(index: number): void {
    this.inputs.active(index)
    if (this.isIdle) this.receiver.active()
    this.isIdle = false
  }

  private onEvent(event: I, index: number): void {
    this.counters.in += 1
    try {
      this.machine.onEvent(event, index)
    } catch (error) {
      throw callbackError(error, this.id, event)
    }
    if (this.growth !== undefined && this.counters.in % 1_024 === 0) this.growth.look(this.metrics())
  }

  /** Finishes what was left over before anything else has its effect: only what pushes and can't be held back comes then. */
  private catchUp(): void {
    if (this.isUnfinished && !this.isWorking) this.job.driver.finish(this)
  }

  private putOff(): false {
    if (!this.isUnfinished) this.job.driver.defer(this)
    this.isUnfinished = true
    return false
  }

  /** Lets the timer that has fired do its work, or else the watermark. False if not all of it is done. */
  private work(time: number): boolean {
    const { machine, fired } = this
    if (fired === undefined && machine.onWatermark === undefined) return true
    // Something before it has left work over.
    if (this.job.driver.isHeldUp) return false
    this.isWorking = true
    try {
      return fired === undefined ? machine.onWatermark?.(time) === true : fired()
    } catch (error) {
      throw callbackError(error, this.id)
    } finally {
      this.isWorking = false
    }
  }

  private end(): void {
    this.hasEnded = true
    this.receiver.end()
    for (const output of this.outputs) output.end()
  }
}
