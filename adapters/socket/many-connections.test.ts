import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { map } from 'rxjs'
import { expect, test } from 'vitest'
import { VirtualClock } from '../../lib/clock.ts'
import type { Element } from '../../lib/element.ts'
import { run, type RunningJob } from '../../lib/run.ts'
import { monotonous } from '../../lib/watermarks/monotonous.ts'
import { assignTimestamps } from '../../operators/index.ts'
import { until } from './fixtures/listening.ts'
import { listen } from './listen.ts'

const idleTimeout = 60_000

interface Peer {
  readonly socket: Socket
  time: number
  isIdle: boolean
}

/** What the watermark has to be, said word by word. */
class Expected {
  readonly live = new Set<Peer>()
  watermark = -Infinity

  settle(): void {
    const counted = [...this.live].filter(({ isIdle }) => !isIdle).map(({ time }) => time)
    if (counted.length > 0) this.watermark = Math.max(this.watermark, Math.min(...counted))
  }
}

test('a thousand connections, some idle, some closing: the watermark is right throughout', async () => {
  const clock = new VirtualClock()
  let events = 0
  let late = 0
  let watermark = -Infinity
  let job: RunningJob | undefined
  const port = await new Promise<number>((resolve) => {
    const source = listen({ port: 0 }, { maxConnections: 2_000, onListening: (at) => resolve(at.port ?? 0) })
    const stream = source.pipe(
      map(({ text }) => Number(text)),
      assignTimestamps((time) => time, monotonous({ idleTimeout })),
    )
    job = run(
      stream,
      (element: Element<number, undefined, undefined>) => {
        if (element.kind === 'watermark') watermark = element.time
        if (element.kind !== 'event') return
        events += 1
        if (element.time < watermark) late += 1
      },
      { clock },
    )
  })
  const entries = (): number => job?.metrics().operators[0]?.entries ?? 0
  let seed = 7
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
    return Math.floor((seed / 2 ** 32) * below)
  }
  const expected = new Expected()
  let sent = 0
  const open = async (count: number): Promise<void> => {
    const opened = await Promise.all(
      Array.from({ length: count }, async () => {
        const socket = connect({ port })
        await once(socket, 'connect')
        return { socket, time: expected.watermark, isIdle: false }
      }),
    )
    for (const peer of opened) expected.live.add(peer)
    await until(() => entries() === expected.live.size)
  }
  const say = (peer: Peer, time: number): void => {
    peer.time = Math.max(peer.time, time)
    peer.socket.write(`${peer.time}\n`)
    sent += 1
  }
  const settled = async (): Promise<void> => {
    expected.settle()
    await until(
      () => events === sent && entries() === expected.live.size && watermark === expected.watermark,
      () => ({ events, sent, entries: entries(), live: expected.live.size, watermark, expected: expected.watermark }),
    )
  }

  await open(1_000)
  for (const peer of expected.live) say(peer, random(100))
  await settled()
  for (let round = 1; round <= 20; round++) {
    const now = round * 1_000
    const peers = [...expected.live]
    // Some say nothing, so that they hold the others back.
    for (const peer of peers) if (!peer.isIdle && random(10) > 0) say(peer, now + random(500))
    await settled()
    // Some close, most often those furthest behind.
    for (const peer of peers.toSorted((a, b) => a.time - b.time).slice(0, 10 + random(20))) {
      expected.live.delete(peer)
      if (random(2) === 0) peer.socket.end()
      else peer.socket.destroy()
    }
    await settled()
    await open(random(20))
    await settled()
    if (round % 5 !== 0) continue
    // Some fall silent, until the others have gone on.
    clock.advanceTo(clock.now() + idleTimeout / 2)
    const silent = [...expected.live].filter((peer) => peer.isIdle || random(20) === 0)
    for (const peer of expected.live) if (!silent.includes(peer)) say(peer, now + 600)
    await settled()
    for (const peer of silent) peer.isIdle = true
    clock.advanceTo(clock.now() + idleTimeout / 2)
    await settled()
    // And one comes back behind the others: it does not count before it has caught up.
    const [back] = silent
    if (back === undefined) throw new Error('nobody was silent')
    say(back, back.time)
    await settled()
    say(back, expected.watermark)
    back.isIdle = false
    await settled()
  }
  // Those that came back behind, and those that were opened when the watermark was beyond what they say.
  expect(late).toBeLessThan(100)
  for (const { socket } of expected.live) socket.destroy()
  await job?.stop()
  expect(events).toBe(sent)
}, 60_000)
