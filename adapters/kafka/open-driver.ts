import { kafkaClient } from './client/kafka-client.ts'
import type { ConnectionOptions } from './connection-options.ts'
import type { KafkaDriver, Trouble } from './driver.ts'
import { checkConnection } from './connection-options.ts'

/** Connects to a cluster, by the driver that was given or else the client, which is loaded now. */
export async function openDriver(
  who: string,
  options: ConnectionOptions,
  onTrouble: (trouble: Trouble) => void,
): Promise<KafkaDriver> {
  checkConnection(who, options)
  return options.driver === undefined ? kafkaClient(options, onTrouble) : options.driver(options, onTrouble)
}
