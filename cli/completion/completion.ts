import type { Call } from '../call.ts'
import type { Command } from '../command.ts'
import { badShell, type Shell, shells } from './shells.ts'

/** Loads what writes the script for a shell. */
const scripts: Readonly<Record<Shell, () => Promise<(commands: readonly Command[]) => string>>> = {
  bash: async () => (await import('./bash.ts')).bashCompletion,
  zsh: async () => (await import('./zsh.ts')).zshCompletion,
  fish: async () => (await import('./fish.ts')).fishCompletion,
}

/**
 * Shows the script that completes command lines in the shell that is named.
 *
 * @throws UsageError for a shell that can't be helped
 */
export async function showCompletion({ commandLine, streams }: Call, commands: readonly Command[]): Promise<void> {
  const [name] = commandLine.files
  const shell = shells.find((known) => known === name)
  if (shell === undefined) throw badShell(name)
  const script = await scripts[shell]()
  streams.stdout.write(script(commands))
}
