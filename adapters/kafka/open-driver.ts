import { kafkaClient } from './client/kafka-client.ts'
import { checkConnection, type ConnectionOptions } from './connection-options.ts'
import type { KafkaDriver, Trouble } from './driver.ts'

/** Connects to a cluster, by the driver that was given or else the client, which is loaded now. */
export async function openDriver(
  who: string,
  options: ConnectionOptions,
  onTrouble: (trouble: Trouble) => void,
): Promise<KafkaDriver> {
  checkConnection(who, options)
  if (options.driver !== undefined) return options.driver(options, onTrouble)
  return kafkaClient(options, onTrouble)
}
