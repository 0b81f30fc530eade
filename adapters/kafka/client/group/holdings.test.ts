import { expect, test } from 'vitest'
import { RecordingListener } from '../fixtures/recording-listener.ts'
import { SimulatedTime } from '../fixtures/simulated-time.ts'
import { Gone } from './gone.ts'
import { Holdings } from './holdings.ts'
import { Session } from './session.ts'

const one = [{ topic: 'orders', partition: 1 }]
const two = [{ topic: 'orders', partition: 2 }]

test('silence is counted from when the last answered heartbeat was sent', async () => {
  const time = new SimulatedTime()
  const session = new Session(time, 1_000)
  session.beat(time.now() - 600)
  await time.run(399)
  expect(session.isOver).toBe(false)
  await time.run(1)
  expect(session.isOver).toBe(true)
})

test('what was to be taken up in a session that is over is not, and only what was told is lost', async () => {
  const time = new SimulatedTime()
  const listener = new RecordingListener()
  const session = new Session(time, 1_000)
  const holdings = new Holdings(listener)
  listener.pause = (call) =>
    call === 'assigned' ? new Promise((resolve) => void time.at(time.now() + 100, resolve)) : undefined
  const taken = [holdings.assign(one, session), holdings.assign(two, session)]
  expect(holdings.owned).toEqual([...one, ...two])
  await time.run(50)
  session.end(new Gone('test'))
  const lost = holdings.lose()
  await time.run(1_000)
  await Promise.all([...taken, lost])
  expect(listener.calls).toEqual(['assigned orders:1', 'lost orders:1'])
  expect([holdings.owned, listener.faults]).toEqual([[], []])
})

test('who is about to leave takes nothing up', async () => {
  const listener = new RecordingListener()
  const session = new Session(new SimulatedTime(), 1_000)
  const holdings = new Holdings(listener)
  await holdings.assign(one, session)
  holdings.retire()
  await holdings.assign(two, session)
  expect([listener.calls, holdings.owned]).toEqual([['assigned orders:1'], one])
})
