import { ClusterError } from '../cluster-error.ts'

/** The member is not in its group any more: what it had may have gone to others. It can join anew. */
export class Gone extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options)
    this.name = 'Gone'
  }
}

/** The coordinator knows nothing of the member, or of its generation or epoch. */
const goneCodes: ReadonlySet<string> = new Set(['UNKNOWN_MEMBER_ID', 'ILLEGAL_GENERATION', 'FENCED_MEMBER_EPOCH'])

/** An error that says that the member is out, as `Gone`; others as they are. */
export function orGone(error: unknown): unknown {
  return error instanceof ClusterError && goneCodes.has(error.code) ? new Gone(error.message, { cause: error }) : error
}

/** The protocol's name for what a coordinator has said no with. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof Gone) return codeOf(error.cause)
  return error instanceof ClusterError ? error.code : undefined
}
