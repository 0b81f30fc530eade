export type { ConnectionOptions, DriverFactory, SaslOptions } from './connection-options.ts'
export type { KafkaDeadLetter, RefusedRecords } from './decoded.ts'
export type { Decode, Decoder, KafkaMessage } from './decoder.ts'
export type { GroupOptions } from './group-options.ts'
export { kafka, type KafkaOptions } from './kafka.ts'
export { kafkaLines, type KafkaLinesOptions } from './kafka-lines.ts'
export { type Inputs, type InputValues, type KafkaJob, kafkaJob, type KafkaJobOptions } from './kafka-job.ts'
export type { KafkaHeader, KafkaRecord, OutgoingRecord } from './kafka-record.ts'
export { queryable } from './queryable.ts'
export { repartition, type RepartitionOptions } from './repartition.ts'
export type { SchemaResult, StandardSchema } from './standard-schema.ts'
export type { StartTime } from './start-time.ts'
export type { TaskEvent } from './tasks/task-event.ts'
export type { KafkaJobMetrics, TaskInputMetrics, TaskMetrics } from './tasks/task-metrics.ts'
export type { TaskInfo } from './tasks/task-plan.ts'
export type { JobView } from './tasks/task-views.ts'
export { toKafka, type RecordPart, type ToKafkaOptions } from './to-kafka.ts'
export { topic, type DecodeOptions, type Topic } from './topic.ts'
export {
  kafkaTable,
  type KafkaTableOptions,
  type Row,
  type RowOptions,
  type TableElement,
  tableTopic,
} from './kafka-table.ts'
export { type MemoryCluster, memoryCluster, type MemoryClusterOptions } from './memory/memory-cluster.ts'
export type { MemoryControl } from './memory/memory-control.ts'
export type { Fault, Operation } from './memory/faults.ts'
export { KafkaError, type KafkaErrorKind } from './kafka-error.ts'
export type { StateOptions } from './kafka-job.ts'
export type {
  Compression,
  Fetched,
  GroupMember,
  Holder,
  KafkaDriver,
  MemberIdentity,
  MemberListener,
  MemberOptions,
  NewTopic,
  OffsetTime,
  PartitionFeed,
  PartitionOffset,
  Producer,
  ProducerOptions,
  TopicPartition,
  Trouble,
} from './driver.ts'
