import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { typescriptNode } from '../stdio/fixtures/typescript-node.ts'
import { isRunning } from './fixtures/is-running.ts'
import { needsOwnBroker } from './fixtures/needs-broker.ts'

const starterFile = fileURLToPath(new URL('fixtures/kept-broker.ts', import.meta.url))
const commandFile = fileURLToPath(new URL('fixtures/kafka-command.ts', import.meta.url))

needsOwnBroker('a broker whose starter has ended', () => {
  test.each([
    ['killed', 'SIGKILL', 1],
    ['ended with all of its process group', 'SIGTERM', -1],
  ] as const)('ends when that was %s, and its folder is gone', { timeout: 180_000 }, async (_, signal, sign) => {
    const starter = spawn(typescriptNode, [starterFile], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [said] = (await once(starter.stdout, 'data')) as [Buffer]
    const [pid = '', folder = ''] = String(said).trim().split(' ')
    expect([isRunning(Number(pid)), existsSync(folder)]).toEqual([true, true])
    // Then it can't end of itself.
    process.kill(Number(pid), 'SIGSTOP')
    process.kill(sign * Number(starter.pid), signal)
    while (isRunning(Number(pid)) || existsSync(folder)) await setTimeout(20)
    // Told a moment after it has happened.
    await expect.poll(() => starter.signalCode).toBe(signal)
  })
})

needsOwnBroker('the commands', () => {
  const env = { ...process.env, TIDEMARK_KAFKA_BOOTSTRAP: undefined }
  const command = (...words: string[]): Promise<{ readonly stdout: string; readonly stderr: string }> =>
    new Promise((resolve) => {
      execFile(typescriptNode, [commandFile, ...words], { env }, (_, stdout, stderr) => resolve({ stdout, stderr }))
    })

  test('start a broker that stays, and stop it', { timeout: 180_000 }, async () => {
    const address = (await command('start')).stdout.trim()
    expect(address).toMatch(/^127\.0\.0\.1:\d+$/)
    expect((await command('stop', address)).stdout).toBe(`${address} stopped\n`)
    const again = await command('stop', address)
    expect(again.stderr).toContain(`expected a broker that was started from here, got ${address}`)
  })

  test('say why none could be started', async () => {
    expect((await command('start', 'num.partitions=many')).stderr).toContain('num.partitions')
    expect((await command('start', 'num.partitions')).stderr).toContain('expected NAME=VALUE, got num.partitions')
  })
})
