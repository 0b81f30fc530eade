import type { Flag, FlagGroup } from './flag.ts'
import { inputFlags } from './input-flags.ts'
import { joinFlags } from './join-flags.ts'
import { liveFlags } from './live-flags.ts'
import { resultFlags } from './result-flags.ts'

/** Every option of the command: parsing, errors, help, completion and `docs/cli.md` come from here. */
export const flagGroups: readonly FlagGroup[] = [...inputFlags, liveFlags, joinFlags, ...resultFlags]

/** The same by name. */
export const flags: ReadonlyMap<string, Flag> = new Map(
  flagGroups.flatMap((group) => group.flags.map((flag) => [flag.name, flag])),
)
