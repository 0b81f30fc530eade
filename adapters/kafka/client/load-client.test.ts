import { expect, onTestFinished, test } from 'vitest'
import { loadClient, runsClient } from './load-client.ts'

test.each([
  ['20.19.0', false],
  ['22.21.9', false],
  ['22.22.0', true],
  ['23.11.0', false],
  ['24.5.0', false],
  ['24.6.0', true],
  ['26.0.0', true],
])('Node %s: %s', (version, runs) => {
  expect(runsClient(version)).toBe(runs)
})

test('says what Node it needs', async () => {
  const { node } = process.versions
  Object.defineProperty(process.versions, 'node', { value: '20.19.0', configurable: true })
  onTestFinished(() => void Object.defineProperty(process.versions, 'node', { value: node, configurable: true }))
  await expect(loadClient()).rejects.toMatchObject({
    code: 'input',
    message: "kafka: expected Node 22.22, 24.6 or later, which '@platformatic/kafka' needs, got 20.19.0",
  })
})
