import type { DeadLetter } from '../line/dead-letter.ts'
import type { ParserRecipe } from '../format/parser.ts'
import type { Columns } from './columns.ts'

/** A part of a file. Its lines are those that start in it. */
export interface Block {
  readonly path: string
  readonly start: number
  /** Behind the last byte. */
  readonly end: number
}

/** A line that did not parse, and how many records came before it in its block. */
export interface BlockLetter extends DeadLetter {
  readonly row: number
}

/** What came of a block. Lines are numbered as if the file began with it. */
export interface ParsedBlock {
  /** Where its first line starts. */
  readonly offset: number
  readonly lines: number
  readonly columns: Columns
  readonly bad: readonly BlockLetter[]
  readonly refused: readonly DeadLetter[]
}

/** What a thread needs to know before its first block. */
export interface BlockSettings {
  readonly recipe: ParserRecipe
  readonly maxLineBytes: number
}
