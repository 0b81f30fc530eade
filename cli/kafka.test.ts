// The command reads the records of a topic as lines, on a real broker.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kafkaClient } from '../adapters/kafka/client/kafka-client.ts'
import type { KafkaDriver } from '../adapters/kafka/driver.ts'
import { needsBroker } from '../adapters/kafka/fixtures/needs-broker.ts'
import { sharedBroker } from '../adapters/kafka/fixtures/shared-broker.ts'
import { BuiltCommand, outcomeOfProcess, shows } from './fixtures/built-command.ts'
import { hit, hourRow } from './fixtures/hits.ts'

needsBroker('tidemark --kafka', () => {
  const topic = `access-log-${process.pid}`
  let command: BuiltCommand
  let address: string
  let driver: KafkaDriver

  beforeAll(async () => {
    const bootstrap = await sharedBroker()
    command = await BuiltCommand.build()
    address = `${bootstrap}/${topic}`
    driver = await kafkaClient({ brokers: [bootstrap] }, () => {})
    await driver.createTopics([{ topic, partitions: 1 }])
    await write('09:10:00', '09:20:00', '10:30:00')
  })

  afterAll(async () => {
    await command.close()
    await driver.close()
  })

  async function write(...times: readonly string[]): Promise<void> {
    const producer = driver.producer({})
    await producer.open()
    await producer.send(
      times.map((time) => ({ topic, partition: 0, key: undefined, value: Buffer.from(hit(time).trimEnd()) })),
    )
    await producer.close()
  }

  test('reads what is there, and then what comes if it is to follow', async () => {
    const flags = ['-p', 'combined', '-W', '1h', '-d', '60s', '--kafka', address]
    const stdout = hourRow('09', 2) + hourRow('10', 1)
    expect(await outcomeOfProcess(command.start(...flags))).toEqual({
      stdout,
      stderr: '3 lines, 0 late, 0 unparsable, 2 windows\n',
      exit: '',
    })
    const following = command.start(...flags, '-f')
    const outcome = outcomeOfProcess(following)
    await shows(following, hourRow('09', 2))
    await write('11:30:00')
    await shows(following, hourRow('10', 1))
    following.kill('SIGINT')
    expect(await outcome).toMatchObject({ stdout: stdout + hourRow('11', 1), exit: '130\n' })
  })

  test('says that there is no such topic', async () => {
    const outcome = await outcomeOfProcess(command.start('-p', 'combined', '-W', '1h', '--kafka', `${address}-else`))
    expect(outcome.stderr).toContain(`there is no topic '${topic}-else'`)
    expect(outcome.stdout).toBe('')
  })
})
