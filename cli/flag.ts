/** An option of the command. */
export interface Flag {
  readonly name: string
  /** The one letter it has as well. */
  readonly short?: string
  /** What its value is called in the help; a flag without one is a switch. */
  readonly value?: string
  /** What its value must be, for error messages: `expected ..., got 'x'`. */
  readonly expects?: string
  /** May be given more than once, each adding to the others. */
  readonly multiple?: boolean
  /** Values that a shell may offer, where there are some to choose from. */
  readonly choices?: readonly string[]
  /** Whether the value is the path of a file or of a folder, which a shell may offer. */
  readonly path?: 'file' | 'folder'
  readonly help: string
}

/** Flags that belong together in the help. */
export interface FlagGroup {
  readonly title: string
  readonly flags: readonly Flag[]
}
