import { Admin } from '@platformatic/kafka'
import { expect, test } from 'vitest'
import { needsBroker } from './fixtures/needs-broker.ts'
import { sharedBroker } from './fixtures/shared-broker.ts'

needsBroker('the broker of the run', () => {
  test('answers a metadata request, and is one for all who ask', async () => {
    const [bootstrap, again] = await Promise.all([sharedBroker(), sharedBroker()])
    expect(again).toBe(bootstrap)
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [bootstrap] })
    const metadata = await admin.metadata({ topics: [] })
    expect([...metadata.brokers.values()].map(({ host, port }) => `${host}:${port}`)).toEqual([bootstrap])
    await admin.close()
  })
})
