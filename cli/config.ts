import type { Accumulation } from '../lib/window.ts'
import type { AggregateSpec } from './aggregate-spec.ts'
import type { DedupSpec } from './dedup-spec.ts'
import type { Derivation } from './derivation.ts'
import type { FormatSpec } from './format-spec.ts'
import type { JoinSpec } from './join-spec.ts'
import type { KeyedFile } from './key-pairs.ts'
import type { KafkaSpec } from './kafka-spec.ts'
import type { ListenSpec } from './listen-spec.ts'
import type { SortKey } from './sort-spec.ts'
import type { TimeSpec } from './time-spec.ts'
import type { TriggerSpec } from './trigger-spec.ts'
import type { WindowSpec } from './window-spec.ts'

/** What the command is to do, as plain values: all that a pipeline is made from. Durations are in ms. */
export interface Config {
  /** Paths and globs; `-` is standard input. */
  readonly files: readonly string[]
  /** Where to begin in files that are followed; `undefined` if none are. */
  readonly follow: 'start' | 'end' | undefined
  readonly listen: readonly ListenSpec[]
  readonly kafka: readonly KafkaSpec[]
  /** What `tidemark replay` reads in place of any other input. */
  readonly replay: ReplaySpec | undefined
  /** Matches the first line of a record; `undefined` where each line is one. */
  readonly multiline: RegExp | undefined
  /** `undefined` if the first lines are to tell. */
  readonly format: FormatSpec | undefined
  /** `undefined` if the first records are to tell. */
  readonly time: TimeSpec | undefined
  readonly zone: string
  /** Of times that say none. */
  readonly year: number | undefined
  /** The fields that are computed, and the conditions: all in the order in which they are to be evaluated. */
  readonly derivations: readonly Derivation[]
  /** Tables whose rows are added to the records. */
  readonly lookups: readonly KeyedFile[]
  /** The fields that come of them; none as long as they have not been read. */
  readonly lookedUp: readonly string[]
  readonly join: JoinSpec | undefined
  readonly dedup: DedupSpec | undefined
  readonly window: WindowSpec
  /** As it was given, for errors. */
  readonly windowText: string | undefined
  /** The fields that make the key; none for one result a window. */
  readonly by: readonly string[]
  readonly aggregates: readonly AggregateSpec[]
  readonly trigger: TriggerSpec | undefined
  readonly accumulation: Accumulation
  /** `undefined` for 5 s, or, where all inputs are files, as much as there is. */
  readonly disorder: number | undefined
  readonly allowedLateness: number
  readonly idle: number | undefined
  /** Path of the file for late events. */
  readonly late: string | undefined
  /** Path of the file for what can't become events. */
  readonly bad: string | undefined
  readonly isStrict: boolean
  readonly output: OutputForm
  /** Whether the table has colours. */
  readonly isColored: boolean
  readonly sort: readonly SortKey[]
  readonly limit: number | undefined
  /** Path of the file for the chart as a picture. */
  readonly svg: string | undefined
  readonly isQuiet: boolean
  readonly hasProgress: boolean
  readonly hasStats: boolean
  readonly terminal: Terminal
  /** Path of the file for the results; standard output if there is none. */
  readonly out: string | undefined
  readonly checkpoint: { readonly dir: string; readonly every: number } | undefined
}

/** A recording, and how it is read. */
export interface ReplaySpec {
  readonly path: string
  /** How many times as fast as it was recorded. */
  readonly speed: number
  /** When it begins, epoch ms. */
  readonly start: number
}

/** How results are shown. */
export type OutputForm = (typeof outputForms)[number]

export const outputForms = ['table', 'ndjson', 'csv', 'tsv', 'chart'] as const

/** What is a terminal. */
export interface Terminal {
  readonly isOfResults: boolean
  readonly isOfErrors: boolean
  /** Lines can be drawn anew on it. */
  readonly hasCursor: boolean
}

/** What the command is connected to. */
export interface Surroundings extends Terminal {
  /** Where results go is a terminal, and shows colours, unless the user minds. */
  readonly hasColors: boolean
  /** Standard input is somebody who types. */
  readonly isTyped: boolean
}
