import { type Program, quoted } from './program.ts'
import type { Input } from './inputs.ts'
import { UsageError } from './usage-error.ts'

/** Writes what reads the lines of an input. */
export function explainInput(program: Program, input: Input): string {
  switch (input.kind) {
    case 'stdin':
      return `${program.from('tidemark/adapters/stdio', 'stdin')}()`
    case 'file':
      return `${program.from('tidemark/adapters/file', 'lines')}(${quoted(input.path)})`
    case 'followed':
      return `${program.from('tidemark/adapters/tail', 'tail')}(${quoted(input.path)}, { from: '${input.from}' })`
    case 'recording':
      throw new UsageError('replay: expected to run, got --explain; a recording has no place in a program')
    case 'unix':
      return `${program.from('tidemark/adapters/socket', 'listen')}({ path: ${quoted(input.path)} })`
    default: {
      const name = input.kind === 'tcp' ? 'listen' : 'datagrams'
      const host = input.host === undefined ? '' : `, host: ${quoted(input.host)}`
      return `${program.from('tidemark/adapters/socket', name)}({ port: ${input.port}${host} })`
    }
  }
}
