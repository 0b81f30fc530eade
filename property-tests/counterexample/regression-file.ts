import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Counterexample } from './counterexample.ts'

/** A test file that is written when a law breaks. */
export interface RegressionFile {
  /** Its path. A file of that name is replaced. */
  readonly file: string
  /** Imports `pipeline` and `options`, seen from the file: `import { options, pipeline } from './hourly-users.ts'`. */
  readonly subject: string
  /** The module that `test` comes from: `vitest` unless given, `node:test`, `@jest/globals`. */
  readonly runner?: string
}

/** Writes the file. */
export function writeRegression(
  { file, subject, runner = 'vitest' }: RegressionFile,
  counterexample: Counterexample,
): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, regressionText(subject, runner, counterexample))
}

const entry = 'tidemark/property-tests'

function regressionText(subject: string, runner: string, counterexample: Counterexample): string {
  const comment = counterexample.summary.split('\n').map((line) => `// ${line}`.trimEnd())
  return [
    ...comment,
    '',
    `import { test } from '${runner}'`,
    `import { checkCase } from '${entry}'`,
    subject,
    '',
    counterexample.code,
    '',
  ]
    .join('\n')
    .replaceAll('\n\n\n', '\n\n')
}
