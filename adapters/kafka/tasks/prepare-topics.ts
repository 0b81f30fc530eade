import { TidemarkError } from '../../../lib/errors.ts'
import type { KafkaDriver } from '../driver.ts'
import type { TaskPlan } from './task-plan.ts'

const week = 7 * 24 * 3_600_000

/**
 * Makes the topics that a job has for itself, and checks that all have the same number of partitions.
 *
 * @returns that number
 * @throws TidemarkError `wiring` if they don't; KafkaError if an input is not there
 */
export async function prepareTopics(
  driver: KafkaDriver,
  plan: TaskPlan,
  replicationFactor: number | undefined,
): Promise<number> {
  const inputs = await driver.partitionCounts(plan.inputs)
  const partitions = same(inputs)
  await driver.createTopics([
    {
      topic: plan.changelog,
      partitions,
      replicationFactor,
      // A commit is whole before any of it can be cleaned up.
      settings: { 'cleanup.policy': 'compact', 'min.compaction.lag.ms': '60000' },
    },
    ...plan.through.map((topic) => ({
      topic,
      partitions,
      replicationFactor,
      settings: { 'cleanup.policy': 'delete', 'retention.ms': String(week) },
    })),
  ])
  same(await driver.partitionCounts([...plan.topics, plan.changelog]))
  return partitions
}

/** The number of partitions that all topics have. */
function same(counts: ReadonlyMap<string, number>): number {
  const [first = 0] = counts.values()
  if ([...counts.values()].every((count) => count === first)) return first
  const list = [...counts].map(([topic, count]) => `'${topic}' has ${count}`).join(', ')
  throw new TidemarkError(
    'wiring',
    `kafkaJob: expected topics with the same number of partitions, because records that belong together have to be in partitions of the same number, but ${list}; write one of them through a topic with repartition(...)`,
  )
}
