import type { Observable } from 'rxjs'
import type { ChunkReader } from '../chunk-source.ts'
import type { Clock } from '../clock.ts'
import { messageOf, TidemarkError } from '../errors.ts'
import { ValueFlow } from './flow.ts'
import type { Notice } from '../job/notice.ts'
import type { SideOutput } from './side-output.ts'

/** What a job offers to a source that opens. */
export interface SourceContext {
  /**
   * Returns a function that takes what can't become a value of the source: it is counted, and handed to `output` where
   * there is one. To be called in `open`. One that stands for several says how many.
   */
  refusals<R>(output: SideOutput<R> | undefined): (refused: R, count?: number) => void
  /**
   * Returns a function to be told of values that may have been lost before they could be read: it is counted, told to whoever
   * listens to the job's notices, and handed to `output` where there is one. To be called in `open`.
   */
  gaps<G extends { readonly message: string }>(output: SideOutput<G> | undefined): (gap: G) => void
  /** The job's, for what a source does at certain times. */
  readonly clock: Clock
  /** The job takes checkpoints, so that it is these that say how far the source has been processed. */
  readonly isCheckpointed: boolean
  /** Says something that somebody should know. */
  readonly notify: (notice: Pick<Notice, 'code' | 'message'>) => void
  /** The id of an operator that holds events, if there is one: a process that dies takes them along. */
  readonly holder: () => string | undefined
  /** Calls `work` when what came of the values pushed so far has been written to the sinks. To be called while values are taken. */
  readonly whenWritten: (work: () => void) => void
}

/** A source of plain values: a file, a socket, an array. */
export interface SourceDefinition<T> {
  /** For metrics and error messages: `lines(access.log)`. */
  readonly name: string
  /**
   * Called when a job wires the source. What it throws is an `input` error of the job.
   *
   * @param position of the chunk to begin with, from a checkpoint; from the start unless given
   */
  open(context: SourceContext, position?: unknown): ChunkReader<T>
}

/**
 * Makes an observable of something that is read in chunks. Each subscription opens it anew; the job it joins pulls the
 * chunks, in turn with the job's other sources and only as fast as the sinks take the results, and closes it at the end, on
 * unsubscription or on an error.
 *
 * @throws TidemarkError `input` as the error of the job, when the source can't be opened, read or closed. An error of reading
 *   comes after the values read before it
 */
export function defineSource<T>(definition: SourceDefinition<T>): Observable<T> {
  return new ValueFlow<T>((receiver, job, teardown) => {
    const { name } = definition
    const outputs: (() => void)[] = []
    const id = job.sources.claim(name)
    let refused = 0
    let gaps = 0
    function writerTo<R>(output: SideOutput<R> | undefined): (what: R) => void {
      const writer = output?.open(job, teardown)
      if (writer === undefined) return () => {}
      outputs.push(() => writer.end())
      // A reader may well be at work between the job's turns.
      return (what) => job.attempt(() => writer.write(what))
    }
    const context: SourceContext = {
      clock: job.clock,
      isCheckpointed: job.checkpoints !== undefined,
      notify(notice) {
        job.notify({ ...notice, operator: id })
      },
      holder: () => job.operators.holder(),
      whenWritten(work) {
        job.sources.whenWritten(work)
      },
      refusals(output) {
        const write = writerTo(output)
        return (what, count = 1) => {
          refused += count
          write(what)
        }
      },
      gaps(output) {
        const write = writerTo(output)
        return (gap) => {
          gaps += 1
          job.notify({ code: 'gap', operator: id, message: gap.message })
          write(gap)
        }
      },
    }
    const record = job.checkpoints?.recovered?.source(id)
    let reader: ChunkReader<T>
    try {
      reader = record?.hasEnded === true ? ended : definition.open(context, record?.position)
    } catch (error) {
      throw inputError(name, error)
    }
    const close = job.addSource({
      name,
      id,
      reader,
      record,
      receiver: {
        value: (value) => receiver.value(value),
        end() {
          receiver.end()
          for (const end of outputs) end()
        },
      },
      refused: () => refused,
      gaps: () => gaps,
      toError: (error) => inputError(name, error),
    })
    teardown.add(close)
  })
}

/** Of a source that had ended before the checkpoint. */
const ended: ChunkReader<never> = { read: () => undefined, close: () => {} }

function inputError(name: string, error: unknown): TidemarkError {
  if (error instanceof TidemarkError) return error
  return new TidemarkError('input', `${name}: ${messageOf(error)}`, { cause: error, operator: name })
}
