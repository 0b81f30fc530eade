import type { Changes } from '../checkpoint/changes.ts'
import type { SavedPart } from '../checkpoint/saved-state.ts'
import { event, type Diff } from '../element.ts'
import type { PaneInfo, Window } from '../window.ts'
import type { Accumulators } from './accumulators.ts'
import { type Pane, type Result, Waiting } from './pane.ts'

/** A result that has been given: value, time, pane. */
type SavedResult<R> = readonly [R, number, PaneInfo]

/** State of the trigger; deadline and turn by the clock, and by the watermark. */
type SavedWaiting = readonly [unknown, number, number, number, number]

/** All that a pane is, and what its keeper adds to it. */
type SavedPane<K, R> = readonly [
  start: number,
  end: number,
  key: K,
  accumulator: unknown,
  fresh: number,
  fired: number,
  nonSpeculative: number,
  isOver: boolean,
  waiting: SavedWaiting | undefined,
  given: readonly SavedResult<R>[] | undefined,
  latest: number | undefined,
  more: unknown,
]

/** Who keeps the panes of an operator, as far as checkpoints are concerned. */
export interface PaneKeeper<K, R, P extends Pane<K, unknown, R>> {
  /** All panes there are. */
  panes(): Iterable<P>
  /** What it knows of a pane beside the pane itself, in plain data. */
  more?(pane: P): unknown
  /** Takes a pane back, in the order of opening. */
  restore(window: Window, key: K, accumulator: unknown, waiting: Waiting | undefined, number: number, more: unknown): P
}

/** The panes of an operator as checkpoints see them, each under its number. */
export class PaneCells<K, R, P extends Pane<K, unknown, R>> implements SavedPart {
  readonly #changes: Changes<Pane<K, unknown, R>> | undefined
  readonly #keeper: PaneKeeper<K, R, P>
  readonly #accumulators: Pick<Accumulators<never, R>, 'restore'>
  readonly #wait: (panes: readonly P[]) => void
  #loaded: (readonly [number, SavedPane<K, R>])[] = []

  /** @param wait lets panes that have been taken back wait for what they have waited for */
  constructor(
    changes: Changes<Pane<K, unknown, R>> | undefined,
    keeper: PaneKeeper<K, R, P>,
    accumulators: Pick<Accumulators<never, R>, 'restore'>,
    wait: (panes: readonly P[]) => void,
  ) {
    this.#changes = changes
    this.#keeper = keeper
    this.#accumulators = accumulators
    this.#wait = wait
  }

  save(write: (key: unknown, cell: unknown) => void, which: 'changed' | 'all'): void {
    if (which === 'all') for (const pane of this.#keeper.panes()) write(pane.number, this.#cellOf(pane))
    else this.#changes?.take((pane) => write(pane.number, pane.isGone ? undefined : this.#cellOf(pane as P)))
  }

  load(number: unknown, cell: unknown): void {
    this.#loaded.push([number as number, cell as SavedPane<K, R>])
  }

  loaded(): void {
    const cells = this.#loaded.sort(([one], [other]) => one - other)
    this.#loaded = []
    this.#wait(cells.map(([number, cell]) => this.#restored(number, cell)))
  }

  #cellOf(pane: P): SavedPane<K, R> {
    const { window, key, accumulator, fresh, fired, nonSpeculative, isOver, waiting, given, latest } = pane
    return [
      window.start,
      window.end,
      key,
      accumulator,
      fresh,
      fired,
      nonSpeculative,
      isOver,
      waiting && [waiting.state, waiting.deadline, waiting.turn, waiting.watermarkDeadline, waiting.watermarkTurn],
      given?.map((result): SavedResult<R> => [result.value, result.time, result.pane]),
      latest,
      this.#keeper.more?.(pane),
    ]
  }

  #restored(number: number, cell: SavedPane<K, R>): P {
    const [start, end, key, saved, fresh, fired, nonSpeculative, isOver, waiting, given, latest, more] = cell
    const accumulator = this.#accumulators.restore(saved)
    const restored = waiting && waitingOf(waiting)
    const pane = this.#keeper.restore({ start, end }, key, accumulator, restored, number, more)
    pane.fresh = fresh
    pane.fired = fired
    pane.nonSpeculative = nonSpeculative
    pane.isOver = isOver
    pane.given = given?.map(([value, time, info]): Result<R, K> =>
      event<R, K, PaneInfo, Diff>(value, time, key, 1, info),
    )
    pane.latest = latest
    return pane
  }
}

function waitingOf([state, deadline, turn, watermarkDeadline, watermarkTurn]: SavedWaiting): Waiting {
  const waiting = new Waiting(state)
  waiting.deadline = deadline
  waiting.turn = turn
  waiting.watermarkDeadline = watermarkDeadline
  waiting.watermarkTurn = watermarkTurn
  return waiting
}
