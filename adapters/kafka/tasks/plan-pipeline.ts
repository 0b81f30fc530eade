import { isObservable, type Observable } from 'rxjs'
import { show, TidemarkError } from '../../../lib/errors.ts'
import type { Route } from '../../../lib/run.ts'
import { Observable as RxObservable } from '../../../lib/rx.ts'
import type { KafkaRecord } from '../kafka-record.ts'
import type { Topic } from '../topic.ts'
import { type TaskScope, withinTask } from './task-scope.ts'
import type { TaskInfo } from './task-plan.ts'

type Pipeline = (inputs: unknown, task: TaskInfo) => Observable<unknown> | readonly Route[]

/** A pipeline that has been looked at. */
export interface PlannedPipeline {
  /** Those of the inputs. */
  readonly topics: readonly string[]
  /** Those that it writes through. */
  readonly through: readonly string[]
  /** The names of its views. */
  readonly views: readonly string[]
  readonly make: (scope: TaskScope) => Observable<unknown> | readonly Route[]
}

/**
 * Makes a pipeline once without running it, to see which topics it reads.
 *
 * @throws TidemarkError `invalid-argument`, `wiring`; and what the pipeline throws
 */
export function planPipeline(
  source: Topic<unknown> | Readonly<Record<string, Topic<unknown>>>,
  pipeline: Pipeline,
  hasSink: boolean,
): PlannedPipeline {
  const topics = isTopic(source) ? [source] : Object.values(source)
  if (topics.length === 0 || !topics.every(isTopic)) {
    throw new TidemarkError(
      'invalid-argument',
      `kafkaJob: source must be a topic(...), or several by names, got ${show(source)}`,
    )
  }
  const names = topics.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) {
    throw new TidemarkError('invalid-argument', `kafkaJob: expected each topic once, got '${twice}' twice; share() it`)
  }
  const make = (scope: TaskScope): Observable<unknown> | readonly Route[] => {
    const input = ({ name, read }: Topic<unknown>): Observable<unknown> => read(scope.source(name))
    const inputs = isTopic(source)
      ? input(source)
      : Object.fromEntries(Object.entries(source).map(([name, topic]) => [name, input(topic)]))
    return withinTask(scope, () => pipeline(inputs, { partition: scope.partition }))
  }
  const asked: string[] = []
  const views: string[] = []
  const made = make({
    partition: 0,
    partitions: 1,
    writer: undefined,
    source(topic) {
      asked.push(topic)
      return unread
    },
    view(name) {
      if (views.includes(name)) {
        throw new TidemarkError('wiring', `queryable: expected one view of each name, got '${name}' twice`)
      }
      views.push(name)
      return () => {}
    },
  })
  if (isObservable(made) !== hasSink) {
    throw new TidemarkError(
      'wiring',
      hasSink
        ? `kafkaJob: expected a pipeline that gives an observable for its sink, got ${show(made)}`
        : 'kafkaJob: expected a sink, or a pipeline that gives routes, got neither',
    )
  }
  return { topics: names, through: asked.filter((topic) => !names.includes(topic)), views, make }
}

function isTopic(source: unknown): source is Topic<unknown> {
  return typeof source === 'object' && source !== null && 'read' in source && typeof source.read === 'function'
}

/** Of a pipeline that is only looked at. */
const unread: Observable<KafkaRecord> = new RxObservable<KafkaRecord>()
