import type { PaneKeeper } from './pane-cells.ts'
import type { Session, SessionStore } from './session-store.ts'

/**
 * Shows the windows of a store to checkpoints.
 *
 * @param ledger counts the events of those that are taken back
 */
export function sessionKeeper<K, R>(
  store: SessionStore<K, R>,
  ledger: { held: number },
): PaneKeeper<K, R, Session<K, R>> {
  return {
    panes: () => store.all(),
    more: ({ isComplete, events }) => [isComplete, events],
    restore(window, key, accumulator, waiting, number, more) {
      const [isComplete, events] = more as [boolean, number]
      const session = store.restore(window, key, accumulator, waiting, number, isComplete)
      session.events = events
      ledger.held += events
      return session
    },
  }
}
