/** What has matched so far, by the names of the stages. */
export type SoFar = Readonly<Record<string, unknown>>

/** Tells of a value, and of what has matched before it, whether it is what a stage is about. */
export type Condition<V> = (value: V, soFar: SoFar) => boolean

/**
 * What may lie between an event of a match and the one before it: `strict` nothing, `relaxed` what does not fit, `any` what
 * fits, too.
 */
export type Contiguity = 'strict' | 'relaxed' | 'any'

/** What must not come. */
export interface Negation<V> {
  readonly name: string
  readonly where: Condition<V>
  /** Not as the very next event; later it may. */
  readonly isNext: boolean
}

/** How often a stage may have an event. */
export interface Loop<V> {
  /** 1 or more; that there may be none is said by the stage. */
  readonly min: number
  readonly max: number
  /** Between the events of the loop. */
  readonly contiguity: Contiguity
  /** What the loop can take goes nowhere else. */
  readonly isGreedy: boolean
  readonly until: Condition<V> | undefined
}

/** A part of a pattern that one event fits, or several in a loop. */
export interface Stage<V> {
  readonly name: string
  readonly where: Condition<V>
  /** Between the stage before and the first event of this one. */
  readonly contiguity: Contiguity
  readonly isOptional: boolean
  readonly loop: Loop<V> | undefined
  /** What must not come between this stage and the one behind it. */
  readonly behind: readonly Negation<V>[]
}
