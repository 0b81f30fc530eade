// A job that counts the hits of each user in windows of ten seconds: read, parse, keyed window, write.
import { boundedOutOfOrderness, combine, count, sum, tumbling } from 'tidemark'
import { kafkaJob, toKafka, topic } from 'tidemark/adapters/kafka'
import { assignTimestamps, keyBy, panes, window } from 'tidemark/operators'
import { processorTime } from './records.mjs'

/** @typedef {import('./records.mjs').Hit} Hit */

/**
 * Runs until so many records have been read, by this process and those of `others`, or until it is told to stop.
 *
 * @param {{ bootstrap: string, from: string, to: string, group: string, count: number, isExactlyOnce: boolean, until?: Promise<void> }} options
 */
export async function windows({ bootstrap, from, to, group, count: all, isExactlyOnce, until }) {
  let first = 0
  let last = 0
  let read = 0
  let bytes = 0
  let written = 0
  /** @type {() => void} */
  let hasRead = () => {}
  const done = until ?? new Promise((resolve) => (hasRead = () => resolve(undefined)))
  const job = kafkaJob({
    brokers: [bootstrap],
    groupId: group,
    guarantee: isExactlyOnce ? 'exactly-once' : 'at-least-once',
    commitEvery: '1s',
    onNotice: () => {},
    source: topic(from, {
      decode: ({ value }) => {
        if (read++ === 0) first = performance.now()
        bytes += value?.length ?? 0
        if (read === all) hasRead()
        return /** @type {Hit} */ (JSON.parse(String(value)))
      },
    }),
    pipeline: (hits) =>
      hits.pipe(
        assignTimestamps((hit) => hit.time, boundedOutOfOrderness(50)),
        keyBy((hit) => hit.user),
        window(tumbling('10s'), combine({ hits: count(), bytes: sum((/** @type {Hit} */ hit) => hit.size) })),
        panes(),
      ),
    sink: toKafka({
      topic: to,
      key: ({ key }) => key,
      value: ({ key, window: { start }, value: { hits, bytes: size } }) => {
        written += 1
        last = performance.now()
        return `{"user":"${key}","start":${start},"hits":${hits},"bytes":${size}}`
      },
    }),
  })
  await Promise.race([done, job.done])
  const entries = job
    .metrics()
    .tasks.flatMap(({ job: of }) => of?.operators ?? [])
    .reduce((all, { entries: some }) => all + some, 0)
  await job.stop()
  const end = until === undefined ? performance.now() : last
  return {
    ms: end - first,
    cpu: processorTime(),
    read,
    written,
    bytes,
    entries,
    megabytes: process.resourceUsage().maxRSS / 1_024,
  }
}
