// How many different readers does each page have in an hour, if views come by reader, in four partitions?
//
//     node examples/readers-of-pages.ts                  in memory
//     node examples/readers-of-pages.ts localhost:9092   with brokers, whose topics it makes; start it more than once
import { boundedOutOfOrderness, countDistinct, realClock, tumbling } from 'tidemark'
import {
  type ConnectionOptions,
  type KafkaJob,
  kafkaJob,
  memoryCluster,
  repartition,
  toKafka,
  topic,
} from 'tidemark/adapters/kafka'
import { assignTimestamps, type Pane, panes, window } from 'tidemark/operators'
import { pageViews } from './data/page-views.ts'

export interface View {
  readonly user: string
  readonly page: string
  /** Epoch ms. */
  readonly time: number
}

export type Readers = Pane<number, string>

// views (by reader) -> task -> views-by-page (by page) -> task -> readers-of-pages
export function readersOfPages(connection: ConnectionOptions): KafkaJob {
  return kafkaJob({
    ...connection,
    groupId: 'readers-of-pages',
    commitEvery: '100ms',
    source: topic('views', { decode: ({ value }) => JSON.parse(String(value)) as View }),
    pipeline: (views) =>
      views.pipe(
        assignTimestamps((view) => view.time, boundedOutOfOrderness('2m')),
        repartition((view) => view.page, 'views-by-page'),
        window(
          tumbling('1h'),
          countDistinct((view) => view.user),
        ),
        panes(),
      ),
    sink: toKafka<Readers>({ topic: 'readers-of-pages', key: ({ key }) => key }),
  })
}

if (process.argv[1] === import.meta.filename) {
  const [, , broker] = process.argv
  if (broker === undefined) await inMemory()
  else await readersOfPages({ brokers: [broker] }).done
}

/** Two processes share the work, and one of them goes before all is done. */
async function inMemory(): Promise<void> {
  const cluster = memoryCluster({ clock: realClock })
  cluster.topic('views', 4)
  cluster.topic('readers-of-pages', 4)
  const connection = { brokers: ['memory:9092'], driver: cluster.driver }
  const [first, second] = ['first', 'second'].map((clientId) => readersOfPages({ ...connection, clientId }))
  const views = pageViews()
  write(views.slice(0, 200))
  await results(5)
  await first?.stop()
  write(views.slice(200))
  // The last hour is not over.
  for (const { key, window, value } of await results(15)) {
    process.stdout.write(`${new Date(window.start).toISOString().slice(0, 16)} ${key}: ${value}\n`)
  }
  await second?.stop()

  function write(some: readonly View[]): void {
    cluster.produce(
      some.map((view) => ({
        topic: 'views',
        partition: Number(view.user.slice('reader-'.length)) % 4,
        key: Buffer.from(view.user),
        value: Buffer.from(JSON.stringify(view)),
      })),
    )
  }

  async function results(count: number): Promise<readonly Readers[]> {
    for (;;) {
      const records = cluster.records('readers-of-pages')
      const read = records.map(({ value }) => JSON.parse(String(value)) as Readers)
      if (read.length >= count)
        return read.toSorted((a, b) => a.window.start - b.window.start || (a.key < b.key ? -1 : 1))
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
}
