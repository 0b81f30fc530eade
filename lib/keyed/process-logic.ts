import { event, type Event } from '../element.ts'
import { show, TidemarkError } from '../errors.ts'
import { NamedShapes } from '../checkpoint/named-shapes.ts'
import { ValueShape } from '../checkpoint/value-shape.ts'
import { type Cell, type CellEntries, type CellOwner, Entries, type Restore } from './entries.ts'
import type { KeyedLogic, Timer } from './keyed-logic.ts'
import { KeyedState } from './keyed-state.ts'
import type { KeyedTurn } from './keyed-turn.ts'
import { ListCell } from './list-cell.ts'
import { MapCell } from './map-cell.ts'
import type { Emit, ProcessContext, ProcessDefinition } from './process-definition.ts'
import type { StateOf, StateSpec, StateSpecs } from './state-spec.ts'
import { ValueCell } from './value-cell.ts'

/** What a key has under a name. */
interface SavedCells extends Pick<Cell, 'clear'> {
  /** What is in it; undefined if nothing is. */
  save(): unknown
  load(saved: unknown, restore: Restore): void
}

/** The state of a key: a cell for each name. */
export class ProcessState<K> extends KeyedState<K> implements CellOwner {
  size = 0
  readonly cells: Readonly<Record<string, SavedCells>>

  constructor(key: K, time: number, specs: StateSpecs, entries: CellEntries) {
    super(key, time)
    this.cells = Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, this.#cellFor(spec, entries)]))
  }

  #cellFor({ kind, ttl, initial }: StateSpec<unknown>, entries: CellEntries): SavedCells {
    switch (kind) {
      case 'value':
        return new ValueCell(this, ttl, entries, initial)
      case 'map':
        return new MapCell(this, ttl, entries)
      case 'list':
        return new ListCell(this, ttl, entries)
    }
  }
}

/** Lets the functions of a `process` work on the states of keys. */
export class ProcessLogic<T, K, P, S extends StateSpecs, O> implements KeyedLogic<Event<T, K, P>, K, ProcessState<K>> {
  private readonly definition: ProcessDefinition<T, K, P, S, O>
  private readonly turn: KeyedTurn<Event<O, K, undefined>, ProcessState<K>>
  private readonly stored: Entries<ProcessState<K>>
  private readonly context: ProcessContext<S, K>
  private readonly specs: StateSpecs
  readonly shape: NamedShapes<ValueShape<unknown>>

  constructor(definition: ProcessDefinition<T, K, P, S, O>, turn: KeyedTurn<Event<O, K, undefined>, ProcessState<K>>) {
    this.definition = definition
    this.turn = turn
    this.stored = new Entries(turn)
    this.context = contextOf(turn)
    this.specs = definition.state ?? {}
    this.shape = new NamedShapes(
      Object.entries(this.specs).map(([name, spec]) => [name, new ValueShape(spec.kind, spec.versioned)] as const),
    )
  }

  create(key: K, time: number): ProcessState<K> {
    return new ProcessState(key, time, this.specs, this.stored)
  }

  onEvent(cause: Event<T, K, P>): void {
    this.definition.onEvent(cause, this.context, this.emit)
  }

  onTimer(timer: Timer): void {
    this.definition.onTimer?.(timer, this.context, this.emit)
  }

  isEmpty({ size }: ProcessState<K>): boolean {
    return size === 0
  }

  free({ cells, size }: ProcessState<K>): void {
    if (size > 0) for (const cell of Object.values(cells)) cell.clear()
  }

  expireOne(time: number, onExpired: (state: ProcessState<K>) => void): boolean {
    return this.stored.expireOne(time, onExpired)
  }

  save({ cells }: ProcessState<K>): unknown {
    const filled = Object.entries(cells).map(([name, cell]) => [name, cell.save()] as const)
    return filled.filter(([, saved]) => saved !== undefined)
  }

  load({ cells }: ProcessState<K>, saved: unknown): void {
    for (const [name, held] of saved as readonly (readonly [string, unknown])[]) {
      const shape = this.shape.get(name)
      // One that is not declared any more has been dropped.
      if (shape !== undefined) cells[name]?.load(held, (value) => shape.restore(value))
    }
  }

  entries(): number {
    return this.stored.size
  }

  private readonly emit: Emit<O> = (value, time = this.turn.time) => {
    const { key } = this.turn.stateAtHand()
    if (!Number.isSafeInteger(time)) {
      throw new TidemarkError('invalid-time', `emit: expected whole milliseconds since the epoch, got ${show(time)}`)
    }
    const earliest = Math.min(this.turn.time, this.turn.reached)
    if (time < earliest) {
      throw new TidemarkError(
        'invalid-time',
        `emit: expected a time >= ${earliest}, so that it is not late for what follows, got ${time}`,
      )
    }
    this.turn.send(event(value, time, key))
  }
}

/** What functions are given: always the same object, with what is at hand in it, because one for each call would be garbage. */
function contextOf<S extends StateSpecs, K, O>(
  turn: KeyedTurn<Event<O, K, undefined>, ProcessState<K>>,
): ProcessContext<S, K> {
  return {
    get state() {
      // The cells were made by the specs of `S`.
      return turn.stateAtHand().cells as unknown as StateOf<S>
    },
    get key() {
      return turn.stateAtHand().key
    },
    get watermark() {
      return turn.reached
    },
    get now() {
      return turn.now
    },
    setTimer: (time, name = '') => turn.setTimer(time, name),
    clearTimer: (name = '') => turn.clearTimer(name),
    setProcessingTimer: (time, name = '') => turn.setClockTimer(time, name),
    clearProcessingTimer: (name = '') => turn.clearClockTimer(name),
  }
}
