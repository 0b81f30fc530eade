/** Something that has happened to a task of this process. */
export type TaskEvent =
  | {
      /**
       * - `assigned`: the process has the partition, and the task begins
       * - `restored`: the task has read its state, and goes on with its input
       * - `revoked`: the task has given the partition up, with a commit
       * - `lost`: others may have had the partition already; what was not committed is done again, by them
       */
      readonly kind: 'assigned' | 'restored' | 'revoked' | 'lost'
      readonly partition: number
    }
  | {
      /** The task begins anew from its last commit, because brokers did not answer or others had come between. */
      readonly kind: 'restarted'
      readonly partition: number
      readonly error: unknown
    }
