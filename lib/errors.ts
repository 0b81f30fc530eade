/**
 * What went wrong, for programs. The message is for people: it says who, what was expected and what came.
 *
 * - `invalid-argument`: an operator, strategy, aggregate or adapter was built with something it can't work with
 * - `invalid-duration`: neither a number of milliseconds nor a text like `'90s'`
 * - `invalid-time`: an event time that is no finite integer
 * - `invalid-key`: a key that a map can't find again (an object, an array)
 * - `callback`: a function of yours threw; `cause` is what it threw
 * - `unsupported`: an element this operator can't take, such as a retraction
 * - `wiring`: the pipeline's parts don't fit together
 * - `overflow`: a source that can't be held back produced more than the job may buffer, or an operator would hold more than its limit
 * - `unparsable`: a line did not parse, and the job was asked to stop at the first one
 * - `input`: a source could not be opened or read
 * - `output`: a sink failed; `cause` is its error
 * - `checkpoint`: state could not be saved or read: a folder that can't be used, a value that is no plain data, a
 *   pipeline that does not fit; the last checkpoint is intact
 * - `ledger`: events went missing or appeared from nowhere, which is a defect of an operator
 */
export type ErrorCode =
  | 'invalid-argument'
  | 'invalid-duration'
  | 'invalid-time'
  | 'invalid-key'
  | 'callback'
  | 'unsupported'
  | 'wiring'
  | 'overflow'
  | 'unparsable'
  | 'input'
  | 'output'
  | 'checkpoint'
  | 'ledger'

/** Where in a pipeline, and at which event, an error arose. */
export interface ErrorContext {
  readonly cause?: unknown
  /** Id of the operator, source or sink. */
  readonly operator?: string
  /** Key of the event at hand. */
  readonly key?: unknown
  /** Event time of the event at hand, in epoch ms. */
  readonly time?: number
}

/** The one error class of tidemark. Switch on `code`; read `cause` for what a callback threw. */
export class TidemarkError extends Error {
  readonly code: ErrorCode
  readonly operator: string | undefined
  readonly key: unknown
  readonly time: number | undefined

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}) {
    super(message, 'cause' in context ? { cause: context.cause } : undefined)
    this.name = 'TidemarkError'
    this.code = code
    this.operator = context.operator
    this.key = context.key
    this.time = context.time
  }
}

/** Shows a value in an error message: short, unambiguous, never throwing. */
export function show(value: unknown): string {
  if (typeof value === 'string') return value.length > 80 ? `'${value.slice(0, 77)}...'` : `'${value}'`
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? 'an invalid Date' : `the Date ${value.toISOString()}`
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'object' && value !== null) return 'an object'
  return String(value)
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : show(thrown)
}
