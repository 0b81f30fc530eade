import type { Command } from '../command.ts'
import type { Flag } from '../flag.ts'
import { flags } from '../flags.ts'
import { brief, shells } from './shells.ts'

/** Writes the script that completes command lines in fish. */
export function fishCompletion(commands: readonly Command[]): string {
  const words = commands.map(({ name, summary }) => {
    return `complete -c tidemark -n __fish_is_first_arg -a ${name} -d ${quoted(summary)}`
  })
  return `# Completion of tidemark in fish: tidemark completion fish | source
${words.join('\n')}
complete -c tidemark -n '__fish_seen_subcommand_from completion' -f -a '${shells.join(' ')}'
${[...flags.values()].map(line).join('\n')}
`
}

function line(flag: Flag): string {
  const { name, short, value, choices, path } = flag
  const offer =
    value === undefined
      ? ''
      : choices !== undefined
        ? ` -x -a ${quoted(choices.join(' '))}`
        : path === 'folder'
          ? " -x -a '(__fish_complete_directories)'"
          : path === 'file'
            ? ' -r -F'
            : ' -x'
  const letter = short === undefined ? '' : ` -s ${short}`
  return `complete -c tidemark${letter} -l ${name}${offer} -d ${quoted(brief(flag))}`
}

function quoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`
}
