import type { Flag } from '../flag.ts'
import { didYouMean } from '../did-you-mean.ts'
import { UsageError } from '../usage-error.ts'

/** The shells that can be helped. */
export const shells = ['bash', 'zsh', 'fish'] as const

/** One of them. */
export type Shell = (typeof shells)[number]

/** Says which shells there are, and how to begin. */
export function badShell(name: string | undefined): UsageError {
  const got = name === undefined ? 'nothing' : `'${name}'`
  const way = name === undefined ? '; write source <(tidemark completion bash)' : didYouMean(name, shells)
  return new UsageError(`completion: expected a shell: ${shells.join(', ')}, got ${got}${way}`)
}

/** What a flag is for, in a few words: its help up to the first pause. */
export function brief({ help }: Flag): string {
  const [words = help] = help.split(/[:;(]|, /)
  return words.trim()
}
