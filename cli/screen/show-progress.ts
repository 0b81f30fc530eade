import type { Progress } from './progress.ts'
import type { Part, Screen } from './screen.ts'
import { shortened } from './display-width.ts'

/** ms between two looks on a terminal, and between two lines elsewhere. */
const often = 200
const seldom = 5_000

/** Shows progress in the last line of the terminal, or, without one, as a line now and then. Returns a function that ends it. */
export function showProgress(progress: Progress, screen: Screen | undefined, say: (text: string) => void): () => void {
  const line = (): string => progress.line(performance.now(), Date.now())
  if (screen === undefined) {
    const timer = setInterval(() => say(line()), seldom).unref()
    return () => clearInterval(timer)
  }
  const part: Part = { lines: (height) => (height < 1 ? [] : [shortened(line(), screen.columns)]) }
  const timer = setInterval(screen.changed, often).unref()
  screen.add(part)
  return () => {
    clearInterval(timer)
    screen.remove(part)
  }
}
