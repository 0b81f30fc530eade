import { balances } from '../counters.ts'
import type { SavedState } from '../checkpoint/saved-state.ts'
import { TidemarkError } from '../errors.ts'
import type { OperatorMetrics } from '../metrics.ts'

/** An operator, as far as its job is concerned. */
export interface JobOperator {
  metrics(): OperatorMetrics
  /** What checkpoints keep of it, beside its cells. */
  save?(): unknown
  /** Its cells. */
  readonly saved?: SavedState | undefined
  /** It holds something that checkpoints don't see. */
  readonly isUnsaved?: boolean
}

/** What an id stands for. */
interface Entry {
  /** The operator that has the id now. */
  live: JobOperator | undefined
  /** Operators that had it before and were torn down, perhaps amid an event. */
  torn: JobOperator[]
  /** What those before them counted. */
  past: OperatorMetrics | undefined
}

/**
 * The operators of a job by their ids, and whether they account for every event. An id is free again when its operator has
 * been torn down, as by `repeat` or `switchMap`; the counts go on.
 */
export class OperatorRegistry {
  readonly #entries = new Map<string, Entry>()
  readonly #torn = new Set<Entry>()

  /** Adds an operator under its id, or under its name with the next free number; returns the id. */
  add(name: string, id: string | undefined, operator: JobOperator): string {
    let free = id ?? name
    for (let n = 2; id === undefined && this.#isTaken(free); n++) free = `${name}#${n}`
    if (this.#isTaken(free)) {
      throw new TidemarkError('wiring', `${name}: expected an id that no other operator of the job has, got '${free}'`)
    }
    const entry = this.#entries.get(free)
    if (entry === undefined) this.#entries.set(free, { live: operator, torn: [], past: undefined })
    else entry.live = operator
    return free
  }

  /** Tells that the operator with this id has been torn down. */
  remove(id: string): void {
    const entry = this.#entries.get(id)
    if (entry?.live === undefined) return
    entry.torn.push(entry.live)
    entry.live = undefined
    this.#torn.add(entry)
  }

  /** Lets go of what was torn down. Called between turns, when every event has found its place. */
  sweep(): void {
    for (const entry of this.#torn) {
      entry.past = entry.torn.reduce((past, operator) => sum(past, operator.metrics()), entry.past)
      entry.torn = []
    }
    this.#torn.clear()
  }

  /** Those that are there, by their ids. */
  *live(): IterableIterator<readonly [id: string, operator: JobOperator]> {
    for (const [id, { live }] of this.#entries) if (live !== undefined) yield [id, live]
  }

  /** In the order in which events pass: an operator is wired before what is upstream of it. */
  metrics(): OperatorMetrics[] {
    return [...this.#entries.values()].reverse().flatMap((entry) => metricsOf(entry) ?? [])
  }

  /** One that holds events, whose process had better not die. */
  holder(): string | undefined {
    return this.metrics().find(({ held }) => held > 0)?.id
  }

  /** What is wrong with the ledger, if anything is. */
  verify(): TidemarkError | undefined {
    const unbalanced = this.metrics().find((operator) => !balances(operator))
    if (unbalanced === undefined) return undefined
    const { id, in: came, contributed, late, closed, noWindow, filtered, refused, held } = unbalanced
    return new TidemarkError(
      'ledger',
      `${id}: expected to account for every event, got ${came} in but ${contributed} contributed, ${late} late, ` +
        `${closed} closed, ${noWindow} in no window, ${filtered} filtered, ${refused} refused, ${held} held; ` +
        `this is a defect of the operator`,
      { operator: id },
    )
  }

  #isTaken(id: string): boolean {
    return this.#entries.get(id)?.live !== undefined
  }
}

function metricsOf({ live, torn, past }: Entry): OperatorMetrics | undefined {
  const operators = live === undefined ? torn : [...torn, live]
  return operators.reduce((sums, operator) => sum(sums, operator.metrics()), past)
}

/** What two operators that had an id one after the other have counted. */
function sum(past: OperatorMetrics | undefined, later: OperatorMetrics): OperatorMetrics {
  if (past === undefined) return later
  return {
    ...later,
    in: past.in + later.in,
    out: past.out + later.out,
    contributed: past.contributed + later.contributed,
    late: past.late + later.late,
    closed: past.closed + later.closed,
    noWindow: past.noWindow + later.noWindow,
    filtered: past.filtered + later.filtered,
    refused: past.refused + later.refused,
    windowDrops: past.windowDrops + later.windowDrops,
    held: past.held + later.held,
  }
}
