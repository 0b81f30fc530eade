import { FileSink } from '../adapters/file/file-sink.ts'
import type { Sink } from '../lib/sink.ts'
import { realFiles } from '../lib/state/files.ts'
import { type RowFormat, withHeader } from './row-format.ts'
import type { Result } from './rows.ts'

/** Makes the sink of a file of results that counts each once, in a job with checkpoints; the header stands in the file once, too. */
export function headedFile(path: string, { row, header }: RowFormat): Sink<Result> {
  let write = row
  const file = new FileSink<Result>('--out', path, (result) => write(result), realFiles)
  return {
    name: file.name,
    writesTo: file.writesTo,
    async recover(receipt) {
      // What is behind the receipt, the file loses; where nothing is left, the header is wanted again.
      if (receipt === undefined || receipt === 0) write = withHeader(header === undefined ? { row } : { row, header })
      await file.recover(receipt)
    },
    write: (values) => file.write(values),
    end: () => file.end(),
    prepare: () => file.prepare(),
    close: () => file.close(),
  }
}
