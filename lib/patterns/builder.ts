import { show, TidemarkError } from '../errors.ts'
import { type Duration, toPositiveMillis } from '../time.ts'
import { automatonOf } from './automaton.ts'
import { CompiledPattern } from './compiled-pattern.ts'
import type { Condition, Contiguity, Loop, Negation, Stage } from './stage.ts'

/** So many ways to go on can be told apart. */
const mostStages = 30

/** Stages as they are put together. What the types of the calls know is in `Sequence`. */
export class PatternBuilder<V> {
  readonly #stages: readonly Stage<V>[]
  readonly #names: readonly string[]

  constructor(stages: readonly Stage<V>[], names: readonly string[]) {
    this.#stages = stages
    this.#names = names
  }

  next(name: string, where: Condition<V>): PatternBuilder<V> {
    return this.stage(name, where, 'strict')
  }

  followedBy(name: string, where: Condition<V>): PatternBuilder<V> {
    return this.stage(name, where, 'relaxed')
  }

  followedByAny(name: string, where: Condition<V>): PatternBuilder<V> {
    return this.stage(name, where, 'any')
  }

  notNext(name: string, where: Condition<V>): PatternBuilder<V> {
    return this.#not({ name, where, isNext: true })
  }

  notFollowedBy(name: string, where: Condition<V>): PatternBuilder<V> {
    return this.#not({ name, where, isNext: false })
  }

  optional(): PatternBuilder<V> {
    return this.#replace({ isOptional: true })
  }

  oneOrMore(): PatternBuilder<V> {
    return this.timesOrMore(1)
  }

  times(from: number, to: number = from): PatternBuilder<V> {
    return this.#loop('times', from, to)
  }

  timesOrMore(from: number): PatternBuilder<V> {
    return this.#loop('timesOrMore', from, Infinity)
  }

  greedy(): PatternBuilder<V> {
    return this.#change({ isGreedy: true })
  }

  consecutive(): PatternBuilder<V> {
    return this.#change({ contiguity: 'strict' })
  }

  allowCombinations(): PatternBuilder<V> {
    return this.#change({ contiguity: 'any' })
  }

  until(where: Condition<V>): PatternBuilder<V> {
    return this.#change({ until: where })
  }

  within(duration: Duration): CompiledPattern<V> {
    const within = toPositiveMillis(duration, 'pattern: within')
    const stages = this.#stages
    if (stages.every(({ isOptional }) => isOptional)) {
      throw invalid('expected a stage that is not optional, got none')
    }
    const last = stages.at(-1)
    if (last?.loop?.isGreedy === true) {
      throw invalid(`expected a stage behind ${show(last.name)}, which is greedy, got none`)
    }
    for (const { name, loop } of stages) {
      if (loop?.isGreedy !== true || loop.contiguity !== 'any') continue
      throw invalid(`expected a loop that is greedy or allows combinations, got both for ${show(name)}`)
    }
    if (stages.length > mostStages) throw invalid(`expected at most ${mostStages} stages, got ${stages.length}`)
    const names = stages.map(({ name }) => name)
    return new CompiledPattern(names, within, automatonOf(stages))
  }

  stage(name: string, where: Condition<V>, contiguity: Contiguity): PatternBuilder<V> {
    const stage: Stage<V> = { name, where, contiguity, isOptional: false, loop: undefined, behind: [] }
    return new PatternBuilder([...this.#stages, stage], this.#withName(name))
  }

  #not(negation: Negation<V>): PatternBuilder<V> {
    const behind = [...this.#last.behind, negation]
    return new PatternBuilder(this.#replace({ behind }).#stages, this.#withName(negation.name))
  }

  #loop(who: string, from: number, to: number): PatternBuilder<V> {
    const { name } = this.#last
    const isNumber = to === Infinity ? who === 'timesOrMore' : Number.isSafeInteger(to)
    if (!Number.isSafeInteger(from) || from < 0 || !isNumber || to < Math.max(1, from)) {
      throw invalid(`${who}: expected whole numbers of 0 or more, the second not less, got ${from} and ${to}`, name)
    }
    const loop: Loop<V> = { min: Math.max(1, from), max: to, contiguity: 'relaxed', isGreedy: false, until: undefined }
    return this.#replace({ loop, isOptional: from === 0 })
  }

  #change(change: Partial<Loop<V>>): PatternBuilder<V> {
    const { loop } = this.#last
    if (loop === undefined) throw invalid('expected a loop to be changed, got a stage of one event')
    return this.#replace({ loop: { ...loop, ...change } })
  }

  #replace(change: Partial<Stage<V>>): PatternBuilder<V> {
    return new PatternBuilder([...this.#stages.slice(0, -1), { ...this.#last, ...change }], this.#names)
  }

  get #last(): Stage<V> {
    const last = this.#stages.at(-1)
    if (last === undefined) throw invalid('expected a stage, got none')
    return last
  }

  #withName(name: string): readonly string[] {
    if (typeof name !== 'string' || name === '') throw invalid(`expected a name for a stage, got ${show(name)}`)
    if (this.#names.includes(name)) throw invalid(`expected names that differ, got ${show(name)} twice`)
    return [...this.#names, name]
  }
}

function invalid(message: string, stage?: string): TidemarkError {
  return new TidemarkError('invalid-argument', `pattern: ${stage === undefined ? '' : `${stage}: `}${message}`)
}
