import type { Command } from '../command.ts'
import type { Flag } from '../flag.ts'
import { flags } from '../flags.ts'
import { shells } from './shells.ts'

/** Writes the script that completes command lines in bash. */
export function bashCompletion(commands: readonly Command[]): string {
  const all = [...flags.values()]
  const valued = all.filter(({ value }) => value !== undefined)
  const names = all.map(({ name }) => `--${name}`).join(' ')
  return `# Completion of tidemark in bash: source <(tidemark completion bash)
_tidemark() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  # bash takes --output=table for three words.
  [[ $word == = ]] && word= && before='='
  [[ $before == = ]] && before=\${COMP_WORDS[COMP_CWORD-1]} && [[ $before == = ]] && before=\${COMP_WORDS[COMP_CWORD-2]}
  COMPREPLY=()
  case $before in
${valued.map(branch).join('')}  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W '${names}' -- "$word"))
  elif ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')}' -- "$word") $(compgen -f -- "$word"))
  elif [[ \${COMP_WORDS[1]} == completion ]]; then
    COMPREPLY=($(compgen -W '${shells.join(' ')}' -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}
complete -o filenames -o nospace -F _tidemark tidemark
`
}

function branch({ name, short, choices, path }: Flag): string {
  const pattern = short === undefined ? `--${name}` : `-${short}|--${name}`
  const offer =
    choices !== undefined
      ? `COMPREPLY=($(compgen -W '${choices.join(' ')}' -- "$word")); `
      : path !== undefined
        ? `COMPREPLY=($(compgen -${path === 'file' ? 'f' : 'd'} -- "$word")); `
        : ''
  return `    ${pattern}) ${offer}return ;;\n`
}
