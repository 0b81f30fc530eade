import { formatDuration, toMillis } from '../lib/time.ts'
import { badValue, type CommandLine } from './command-line.ts'
import { didYouMean } from './did-you-mean.ts'

/** Reads the values of flags as what they stand for. Each method throws a `UsageError` for a value that is none. */
export class Given {
  readonly #flags: CommandLine['flags']

  constructor({ flags }: CommandLine) {
    this.#flags = flags
  }

  has(name: string): boolean {
    return this.#flags.has(name)
  }

  text(name: string): string | undefined {
    return this.#flags.get(name)?.at(-1)
  }

  /** All values of a flag that may be given several times. */
  all(name: string): readonly string[] {
    return this.#flags.get(name) ?? []
  }

  /** The names of a list, or of several. */
  names(name: string): readonly string[] {
    const lists = this.all(name)
    const names = lists.flatMap((list) => list.split(',').map((each) => each.trim()))
    if (names.includes('')) throw badValue(name, lists.join(','))
    return names
  }

  /** In ms. */
  duration(name: string, least: number): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    let millis: number
    try {
      millis = toMillis(text, name)
    } catch (error) {
      throw badValue(name, text, '', error)
    }
    if (millis < least) throw badValue(name, text, `; the least is ${formatDuration(least)}`)
    return millis
  }

  /** How many times as fast; `Infinity` for as fast as can be. */
  speed(): number | undefined {
    const text = this.text('speed')
    if (text === undefined) return undefined
    if (text === 'max') return Infinity
    const speed = /^(?:\d+(?:\.\d*)?|\.\d+)x?$/.test(text) ? Number.parseFloat(text) : Number.NaN
    if (speed > 0) return speed
    throw badValue('speed', text)
  }

  /** A whole number. */
  count(name: string, least: number, most: number): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const count = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (count >= least && count <= most) return count
    throw badValue(name, text)
  }

  /** The path of a file to write to. */
  path(name: string): string | undefined {
    const path = this.text(name)
    if (path === '-') throw badValue(name, path, '; standard output is for the results')
    return path
  }

  choice<C extends string>(name: string, choices: readonly C[]): C | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const choice = choices.find((known) => known === text)
    if (choice === undefined) throw badValue(name, text, didYouMean(text, choices))
    return choice
  }
}
