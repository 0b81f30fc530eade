import type { SavedState } from '../../lib/checkpoint/saved-state.ts'
import { SavedMap } from '../../lib/checkpoint/saved-map.ts'
import type { Split } from '../../lib/split.ts'
import type { SideWriter } from '../../lib/wiring/side-output.ts'
import type { ValueMachine, ValueOperatorContext } from '../../lib/wiring/value-operator.ts'
import { type DeadLetter, deadLetter } from '../line/dead-letter.ts'
import type { Line } from '../line/line.ts'
import { LineGroup } from './line-group.ts'

/** How lines are joined. */
export interface GroupSettings {
  readonly begins: (line: Line) => boolean
  /** ms */
  readonly timeout: number
  readonly maxBytes: number
}

/** The records under way, one for each source. */
export class LineGroups implements ValueMachine<Line> {
  readonly saved: SavedState
  readonly #settings: GroupSettings
  readonly #context: ValueOperatorContext<Line>
  readonly #refused: SideWriter<DeadLetter> | undefined
  readonly #groups: SavedMap<string, LineGroup>
  /** The group of the last line, so that most need not be looked up. */
  #last: LineGroup | undefined
  #begun = 0
  #held = 0
  #contributed = 0
  #isWatching = false

  constructor(
    settings: GroupSettings,
    context: ValueOperatorContext<Line>,
    refused: SideWriter<DeadLetter> | undefined,
  ) {
    this.#settings = settings
    this.#context = context
    this.#refused = refused
    this.#groups = new SavedMap(context.dirty)
    this.saved = {
      ...this.#groups.saved({
        save: (group) => group.save(),
        load: (source, saved) => LineGroup.load(source, saved, context.now),
      }),
      version: 1,
      loaded: () => {
        for (const { lines, order } of this.#groups.values()) {
          this.#held += lines
          this.#begun = Math.max(this.#begun, order + 1)
        }
        this.#watch(0)
      },
    }
    context.listen({ closing: (split) => this.#leave((group) => group.isOf(split)) })
  }

  onValue(line: Line): void {
    const { split, now } = this.#context
    const group = this.#groupOf(line, split)
    if (group === undefined || !group.takes(line, split) || this.#settings.begins(line)) {
      this.#begin(line, split, group)
      return
    }
    const hasRoom = group.add(line, this.#settings.maxBytes)
    group.seen = now
    this.#groups.touch(group)
    if (hasRoom) {
      this.#held += 1
    } else {
      this.#context.counters.refused += 1
      this.#refused?.write(deadLetter(line, `the record is longer than ${this.#settings.maxBytes} bytes`))
    }
  }

  onEnd(): void {
    this.#leave(() => true)
  }

  held(): number {
    return this.#held
  }

  entries(): number {
    return this.#groups.size
  }

  contributed(): number {
    return this.#contributed
  }

  #groupOf({ source }: Line, split: Split | undefined): LineGroup | undefined {
    const last = this.#last
    return last?.key === source && last.isOf(split) ? last : this.#groups.get(source)
  }

  #begin(line: Line, split: Split | undefined, before: LineGroup | undefined): void {
    const group = new LineGroup(line, this.#begun++, split, this.#context.now)
    if (before !== undefined) this.#groups.remove(before)
    this.#groups.add(group)
    this.#last = group
    this.#held += 1
    // Last, because what leaves may come back.
    if (before !== undefined) this.#emit(before)
    this.#watch(this.#settings.timeout)
  }

  /** Lets records go, in the order in which they were begun. */
  #leave(which: (group: LineGroup) => boolean): void {
    const leaving = [...this.#groups.values()].filter(which).toSorted((a, b) => a.order - b.order)
    for (const group of leaving) {
      this.#groups.remove(group)
      if (this.#last === group) this.#last = undefined
      this.#emit(group)
    }
  }

  #emit(group: LineGroup): void {
    this.#held -= group.lines
    this.#contributed += group.lines
    const { split } = group
    if (split === this.#context.split) this.#context.emit(group.line)
    else this.#context.emitOf(split, group.line)
  }

  /** Looks for what has waited for too long, as long as there is anything. */
  #watch(wait: number): void {
    if (this.#isWatching || this.#groups.size === 0) return
    this.#isWatching = true
    this.#context.setTimer(this.#context.now + wait, () => {
      this.#isWatching = false
      const { now, isWaiting } = this.#context
      const { timeout } = this.#settings
      let next = Infinity
      this.#leave((group) => {
        if (group.isWaiting(isWaiting)) group.seen = now
        next = Math.min(next, group.seen + timeout > now ? group.seen + timeout : Infinity)
        return group.seen + timeout <= now
      })
      if (this.#groups.size > 0) this.#watch(Math.min(next - now, timeout))
    })
  }
}
