import type { ConnectionOptions } from '../connection-options.ts'
import type { OffsetTime, PartitionOffset } from '../driver.ts'
import type { GroupSettings } from '../group-options.ts'

/** What `kafka` was asked for, validated. */
export interface SourceSettings {
  readonly name: string
  readonly connection: ConnectionOptions
  readonly topics: readonly string[]
  /** The only partitions to be read. */
  readonly partitions: readonly number[] | undefined
  readonly group: GroupSettings | undefined
  /** Where partitions begin of which nothing else is known. */
  readonly start: OffsetTime
  /** Where some partitions begin, if no checkpoint says so. */
  readonly offsets: readonly PartitionOffset[]
  /** Where to end; undefined to go on for ever. */
  readonly end: OffsetTime | readonly PartitionOffset[] | undefined
  /** Of what is there when it begins only the last record of each key is wanted. */
  readonly isTable: boolean
  /** ms */
  readonly commitEvery: number
  /** Whether partitions are shared out in the group, in a job with checkpoints or without. */
  readonly isMember: (isCheckpointed: boolean) => boolean
}
