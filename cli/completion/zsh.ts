import type { Command } from '../command.ts'
import type { Flag } from '../flag.ts'
import { flags } from '../flags.ts'
import { brief, shells } from './shells.ts'

/** Writes the script that completes command lines in zsh. */
export function zshCompletion(commands: readonly Command[]): string {
  const words = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`)
  return `#compdef tidemark
# Completion of tidemark in zsh: source <(tidemark completion zsh), after compinit
_tidemark_first() {
  local -a words
  words=(
${words.join('\n')}
  )
  _describe -t commands command words
  _files
}
_tidemark_rest() {
  if [[ $words[2] == completion ]]; then
    _values shell ${shells.join(' ')}
  else
    _files
  fi
}
_tidemark() {
  _arguments -s -S \\
${[...flags.values()].map((flag) => `    ${spec(flag)} \\`).join('\n')}
    '1:command or file:_tidemark_first' \\
    '*:file:_tidemark_rest'
}
compdef _tidemark tidemark
`
}

function spec(flag: Flag): string {
  const { name, short, value, multiple } = flag
  const names = [
    ...(short === undefined ? [] : [`-${short}${value === undefined ? '' : '+'}`]),
    `--${name}${value === undefined ? '' : '='}`,
  ]
  const others = multiple === true ? '*' : `(${short === undefined ? '' : `-${short} `}--${name})`
  const told = `[${brief(flag).replaceAll(/[[\]:\\]/g, String.raw`\$&`)}]${value === undefined ? '' : `:${value.replaceAll(':', String.raw`\:`)}:${action(flag)}`}`
  return names.length === 1
    ? quoted(`${others}${names.join('')}${told}`)
    : `${quoted(others)}{${names.join(',')}}${quoted(told)}`
}

function action({ choices, path }: Flag): string {
  if (choices !== undefined) return `(${choices.map((choice) => choice.replaceAll(':', String.raw`\:`)).join(' ')})`
  if (path === 'folder') return '_files -/'
  return path === 'file' ? '_files' : ' '
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
