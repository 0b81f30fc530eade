import { type Call, commands } from './commands.ts'
import type { Flag } from './flag.ts'
import { flags } from './flags.ts'
import { UsageError } from './usage-error.ts'

/** The shells that can be helped. */
const shells = ['bash'] as const

/** Shows the script for the shell that is named. */
export function showCompletion({ commandLine, streams }: Call): void {
  streams.stdout.write(completion(commandLine.files[0]))
}

/**
 * Writes the script that completes command lines in a shell, from the flag table.
 *
 * @throws UsageError for a shell that can't be helped
 */
function completion(shell: string | undefined): string {
  if (!shells.some((known) => known === shell)) {
    const got = shell === undefined ? 'nothing' : `'${shell}'`
    throw new UsageError(`completion: expected a shell: bash, got ${got}; write source <(tidemark completion bash)`)
  }
  const all = [...flags.values()]
  const valued = all.filter(({ value }) => value !== undefined)
  const names = all.map(({ name }) => `--${name}`).join(' ')
  return `# Completion of tidemark in bash: source <(tidemark completion bash)
_tidemark() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  case $before in
${valued.map(branch).join('')}  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W '${names}' -- "$word"))
  elif ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')}' -- "$word") $(compgen -f -- "$word"))
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
