import { expect, test } from 'vitest'
import { turns } from '../../lib/fixtures/turns.ts'
import { listening, peer, until } from './fixtures/listening.ts'

test('a peer has to wait while the job has no room, and nothing is lost', async () => {
  let release = (): void => {}
  let isHeld = true
  const take = (): Promise<void> | void => (isHeld ? new Promise((resolve) => (release = resolve)) : undefined)
  const { job, port, lines } = await listening({}, { take })
  const socket = await peer(port)
  const line = Buffer.from(`${'x'.repeat(999)}\n`)
  const total = 64_000
  let sent = 0
  let isWaiting = false
  const send = (): void => {
    isWaiting = false
    while (sent < total && !isWaiting) {
      sent += 1
      isWaiting = !socket.write(line)
    }
  }
  socket.on('drain', send)
  send()
  // What the system holds for both sides, and 64 KiB or so here; not the 64 MB that are to be sent.
  let before = -1
  for (let quiet = 0; quiet < 20; quiet = sent === before ? quiet + 1 : 0) {
    before = sent
    await turns(20)
  }
  expect(sent).toBeLessThan(total / 2)
  expect(lines).toHaveLength(1)
  isHeld = false
  release()
  await until(() => lines.length === total)
  expect(lines.at(-1)?.number).toBe(total)
  socket.destroy()
  await job.stop()
})
