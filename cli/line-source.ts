import type { Readable } from 'node:stream'
import type { Observable } from 'rxjs'
import { lines } from '../adapters/file/lines.ts'
import type { DeadLetter } from '../adapters/line/dead-letter.ts'
import type { Line } from '../adapters/line/line.ts'
import { stdin } from '../adapters/stdio/stdin.ts'
import type { SideOutput } from '../lib/wiring/side-output.ts'
import { VirtualClock } from '../lib/clock.ts'
import { showHost } from '../adapters/socket/socket-address.ts'
import type { Input } from './inputs.ts'

/** Makes the lines of an input; those that are too long are handed to `refused`. */
export type LineSource = (refused: SideOutput<DeadLetter>) => Observable<Line>

/** What sources of lines have in common. */
export interface LineSourceOptions {
  readonly standardInput: Readable
  readonly chunkBytes: number
  /** The clock of a recording. */
  readonly clock: VirtualClock | undefined
  /** Shows a line to the user. */
  readonly say: (text: string) => void
}

/** Makes what reads the lines of an input. All but files and standard input is not loaded before it is used. */
export async function lineSource(
  input: Input,
  { standardInput, chunkBytes, clock, say }: LineSourceOptions,
): Promise<LineSource> {
  switch (input.kind) {
    case 'stdin':
      return (refused) => stdin({ readable: standardInput, refused })
    case 'file':
      return (refused) => lines(input.path, { chunkBytes, refused })
    case 'followed': {
      const { tail } = await import('../adapters/tail/tail.ts')
      return (refused) => tail(input.path, { from: input.from, chunkBytes, refused })
    }
    case 'recording': {
      const { replayedLines } = await import('./replayed-lines.ts')
      return (refused) => replayedLines(input.path, clock ?? new VirtualClock(input.start), input.speed, refused)
    }
    case 'tcp': {
      const { listen } = await import('../adapters/socket/listen.ts')
      return (refused) =>
        listen(input, {
          refused,
          onListening: ({ host = '', port = 0 }) => say(`listening at ${showHost(host, port)}`),
        })
    }
    case 'unix': {
      const { listen } = await import('../adapters/socket/listen.ts')
      return (refused) => listen(input, { refused, onListening: () => say(`listening at ${input.path}`) })
    }
    case 'kafka': {
      const { kafkaLines } = await import('../adapters/kafka/kafka-lines.ts')
      const { brokers, topic: topics, follow } = input
      return (refused) =>
        kafkaLines({
          brokers,
          topics,
          start: follow === 'end' ? 'latest' : 'earliest',
          ...(follow === undefined && { end: 'latest' as const }),
          refused,
        })
    }
    case 'udp': {
      const { datagrams } = await import('../adapters/socket/datagrams.ts')
      return (refused) =>
        datagrams(input, {
          refused,
          onListening: ({ host = '', port = 0 }) => say(`listening at ${showHost(host, port)}`),
        })
    }
  }
}
