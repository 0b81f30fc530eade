import { decode, encode } from '../../../lib/state/codec.ts'
import type { KafkaDriver, TopicPartition } from '../driver.ts'
import { KafkaError } from '../kafka-error.ts'
import type { OutgoingRecord } from '../kafka-record.ts'

// A partition of a changelog has a record for each cell of a task's state, the last of which counts, and one under a key of its own that
// closes each commit. Cells behind the last of those are of a commit that was not finished.

const headKey = Buffer.from([0])
const cellPrefix = Buffer.from([1])

/** What there is of a commit beside its cells. */
export interface ChangelogHead {
  readonly epoch: number
  readonly meta: Uint8Array
}

/** A cell as it is in a record. */
export interface CellBytes {
  readonly key: Buffer
  /** None: it is gone. */
  readonly value: Buffer | undefined
}

export function cellBytes(table: string, key: unknown, value: unknown): CellBytes {
  return {
    key: Buffer.concat([cellPrefix, encode([table, key])]),
    value: value === undefined ? undefined : Buffer.from(encode(value)),
  }
}

/** The table and key of a cell. */
export function cellName(key: Buffer): readonly [table: string, key: unknown] {
  return decode(key.subarray(1)) as readonly [string, unknown]
}

/** The records of a commit. */
export function commitRecords(at: TopicPartition, cells: readonly CellBytes[], head: ChangelogHead): OutgoingRecord[] {
  const records: OutgoingRecord[] = cells.map(({ key, value }) => ({ ...at, key, value }))
  records.push({ ...at, key: headKey, value: headBytes(head) })
  return records
}

/** The epoch, and what there is beside it. */
function headBytes({ epoch, meta }: ChangelogHead): Buffer {
  const bytes = Buffer.alloc(8 + meta.length)
  bytes.writeDoubleBE(epoch)
  bytes.set(meta, 8)
  return bytes
}

function headOf(bytes: Buffer | undefined): ChangelogHead {
  if (bytes === undefined || bytes.length < 8)
    throw new KafkaError('corrupt', 'expected a changelog, got something else')
  return { epoch: bytes.readDoubleBE(), meta: bytes.subarray(8) }
}

/** Is told of each commit that a changelog has. */
export interface ChangelogReceiver {
  /** @param next where the commit ends in the changelog */
  commit(cells: ReadonlyMap<string, CellBytes>, head: ChangelogHead, next: number): void | Promise<void>
  /** How many records have been read of those there are. */
  progress(read: number, all: number): void
  /** Nobody wants to hear more. */
  isOver(): boolean
}

/**
 * Reads the commits of a partition of a changelog from an offset on, to its present end.
 *
 * @returns the cells of a commit that was not finished
 * @throws KafkaError `out-of-range` if nothing is at the offset any more
 */
export async function readChangelog(
  driver: KafkaDriver,
  at: TopicPartition,
  from: number,
  receiver: ChangelogReceiver,
): Promise<ReadonlyMap<string, CellBytes>> {
  const [last] = await driver.offsets([at], 'end')
  const end = last?.offset ?? 0
  let cells = new Map<string, CellBytes>()
  if (from >= end) return cells
  const feed = driver.feed(at, from)
  try {
    for (let next = from; next < end && !receiver.isOver();) {
      const fetched = await feed.read()
      for (const { key, value, offset } of fetched.records) {
        if (key === undefined || offset >= end) continue
        if (!key.equals(headKey)) {
          cells.set(key.toString('latin1'), { key, value })
          continue
        }
        await receiver.commit(cells, headOf(value), offset + 1)
        cells = new Map()
      }
      next = fetched.next
      receiver.progress(Math.min(next, end) - from, end - from)
    }
    return cells
  } finally {
    feed.close()
  }
}
