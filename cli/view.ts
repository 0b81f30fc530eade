import type { Config } from './config.ts'
import type { StandardStreams } from './standard-streams.ts'
import type { Inputs, Watched } from './screen/progress.ts'
import type { Screen } from './screen/screen.ts'

/** ms after which a job shows its progress: what is over sooner shows none. */
const patience = 400

/** What the user sees of a job while it runs, beside its results. */
export class View {
  /** The end of the terminal that is drawn anew, where there is one. */
  readonly screen: Screen | undefined
  readonly #config: Config
  readonly #stderr: StandardStreams['stderr']
  #job: Watched | undefined
  #timer: NodeJS.Timeout | undefined
  #isClosed = false
  #endProgress: () => void = () => {}

  constructor(config: Config, { stderr }: StandardStreams, screen: Screen | undefined) {
    this.#config = config
    this.#stderr = stderr
    this.screen = screen
  }

  /** Shows a line to the user. */
  readonly say = (text: string): void => {
    if (this.screen !== undefined && !this.#isClosed && this.#config.terminal.isOfErrors)
      this.screen.frame(text.split('\n'))
    else this.#stderr.write(`${text}\n`)
  }

  /** How far event time has come at the window. */
  readonly watermark = (): number => {
    const operators = this.#job?.metrics().operators ?? []
    return operators.findLast(({ name }) => name === 'window')?.watermark ?? -Infinity
  }

  /** A job has begun. */
  begin(job: Watched, inputs: Inputs): void {
    this.#job = job
    if (!this.#config.hasProgress) return
    const since = performance.now()
    this.#timer = setTimeout(() => void this.#showProgress(job, inputs, since), patience).unref()
  }

  /** The terminal is left to others. */
  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    this.#endProgress()
    this.screen?.close()
  }

  async #showProgress(job: Watched, inputs: Inputs, since: number): Promise<void> {
    const { Progress } = await import('./screen/progress.ts')
    const { showProgress } = await import('./screen/show-progress.ts')
    const progress = new Progress(job, inputs, since)
    await progress.measure()
    if (this.#isClosed) return
    const screen = this.#config.terminal.isOfErrors ? this.screen : undefined
    this.#endProgress = showProgress(progress, screen, this.say)
  }
}

/** Makes the view of a job; what draws on a terminal is loaded where there is one to be drawn on. */
export async function openView(config: Config, streams: StandardStreams): Promise<View> {
  const { terminal, hasProgress } = config
  const isDrawn = terminal.hasCursor && (terminal.isOfResults || (terminal.isOfErrors && hasProgress))
  if (!isDrawn) return new View(config, streams, undefined)
  const { Screen } = await import('./screen/screen.ts')
  return new View(config, streams, new Screen(terminal.isOfResults ? streams.stdout : streams.stderr))
}
