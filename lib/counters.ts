/**
 * What became of the events that came in. At every moment
 * `in = contributed + late + closed + noWindow + filtered + refused + held`.
 */
export interface Ledger {
  /** Events that came in. */
  readonly in: number
  /** Events that are part of what went out, and of nothing that is still to come. */
  readonly contributed: number
  /** Events whose every window had expired. */
  readonly late: number
  /** Events refused only because the trigger of every open window they belong to had finished. */
  readonly closed: number
  /** Events in a gap between windows. */
  readonly noWindow: number
  /** Events that a function of yours left out. */
  readonly filtered: number
  /** Values that could not become events: unparsable, without a valid time, too far in the future. */
  readonly refused: number
  /** Events still in the state, waiting. */
  readonly held: number
}

/** The counts an operator keeps. They are always on, and never reset. */
export class Counters {
  in = 0
  /** Elements that went out; a window of many events is one. */
  out = 0
  late = 0
  closed = 0
  noWindow = 0
  filtered = 0
  refused = 0
  /** Single windows that an event came too late for, or whose trigger was finished, while others still took it. */
  windowDrops = 0

  /** The counts at this moment. */
  counts(): Counts {
    const { in: came, out, late, closed, noWindow, filtered, refused, windowDrops } = this
    return { in: came, out, late, closed, noWindow, filtered, refused, windowDrops }
  }
}

/** What counters say. */
export type Counts = Omit<Counters, 'counts'>

/** Tells whether every event is accounted for. */
export function balances(ledger: Ledger): boolean {
  const { contributed, late, closed, noWindow, filtered, refused, held } = ledger
  return ledger.in === contributed + late + closed + noWindow + filtered + refused + held
}
