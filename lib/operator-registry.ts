import { balances } from './counters.ts'
import { TidemarkError } from './errors.ts'
import type { OperatorMetrics } from './metrics.ts'

/** An operator, as far as its job is concerned. */
export interface JobOperator {
  metrics(): OperatorMetrics
}

/** The operators of a job by their ids, and whether they account for every event. */
export class OperatorRegistry {
  readonly #operators = new Map<string, JobOperator>()

  /** Adds an operator under its id, or under its name with the next free number; returns the id. */
  add(name: string, id: string | undefined, operator: JobOperator): string {
    let free = id ?? name
    for (let n = 2; id === undefined && this.#operators.has(free); n++) free = `${name}#${n}`
    if (this.#operators.has(free)) {
      throw new TidemarkError('wiring', `${name}: expected an id that no other operator of the job has, got '${free}'`)
    }
    this.#operators.set(free, operator)
    return free
  }

  /** In the order in which events pass: an operator is wired before what is upstream of it. */
  metrics(): OperatorMetrics[] {
    return [...this.#operators.values()].reverse().map((operator) => operator.metrics())
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
}
