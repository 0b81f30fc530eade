import { expect, test } from 'vitest'
import { failureOf } from '../fixtures/failure.ts'
import { refusal } from './fixtures/refusal.ts'
import { Crash, SimulatedFiles } from './fixtures/simulated-files.ts'
import { SimulatedOwners } from './fixtures/simulated-owners.ts'
import { lockFolder } from './folder-lock.ts'
import { thisProcess } from './owner.ts'

function fresh(): SimulatedFiles {
  return new SimulatedFiles(
    new Map([
      ['/', 'folder' as const],
      ['/job', 'folder' as const],
    ]),
  )
}

test('a lock says who has it, and is gone when it is let go', async () => {
  const files = fresh()
  const owners = new SimulatedOwners()
  const lock = await lockFolder('/job', files, owners.owner('a'), 'x')
  expect(files.paths).toEqual(['/', '/job', '/job/lock', '/job/lock/a'])
  expect(await refusal(lockFolder('/job', files, owners.owner('b'), 'x'))).toBe(
    "x: expected a folder that nobody uses, got '/job', which process a has open",
  )
  await lock.verify()
  await lock.release()
  expect(files.paths).toEqual(['/', '/job'])
})

test('the lock of a process that is gone is taken over', async () => {
  const files = fresh()
  const owners = new SimulatedOwners()
  await lockFolder('/job', files, owners.owner('a'), 'x')
  owners.gone.add('a')
  await lockFolder('/job', files, owners.owner('b'), 'x')
  expect(files.paths).toEqual(['/', '/job', '/job/lock', '/job/lock/b'])
})

test('where it can not be seen whether a process is gone, the error says what to remove', async () => {
  const files = fresh()
  const owners = new SimulatedOwners()
  await lockFolder('/job', files, owners.owner('a'), 'x')
  owners.unknown.add('a')
  expect(await refusal(lockFolder('/job', files, owners.owner('b'), 'x'))).toContain(
    "if it is not, remove '/job/lock/a'",
  )
  await files.remove('/job/lock/a')
  await lockFolder('/job', files, owners.owner('b'), 'x')
  expect(files.paths).toContain('/job/lock/b')
})

test('where whatever starts processes sees to it that there is one, it is taken over, and the one that had it is told', async () => {
  const files = fresh()
  const owners = new SimulatedOwners()
  const first = await lockFolder('/job', files, owners.owner('a'), 'x')
  expect(await refusal(lockFolder('/job', files, owners.owner('b'), 'x', true))).toContain('which process a has open')
  owners.unknown.add('a')
  const second = await lockFolder('/job', files, owners.owner('b'), 'x', true)
  await second.verify()
  expect(await refusal(first.verify())).toBe(
    "x: expected to have '/job' still, got one without its lock, which process b has taken over",
  )
  await first.release()
  await second.verify()
  await second.release()
  expect(await refusal(second.verify())).toBe("x: expected to have '/job' still, got one without its lock")
  expect(files.paths).toEqual(['/', '/job'])
})

test('of processes that find a lock left over, however their steps mix, one gets it, and it is not lost to the others', async () => {
  for (let mix = 0; mix < 64; mix++) {
    const files = fresh()
    const owners = new SimulatedOwners()
    await lockFolder('/job', files, owners.owner('old'), 'x')
    owners.gone.add('old')
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c'].map(async (id, i) => {
        // Each starts after some turns.
        for (let turn = 0; turn < ((mix >> (2 * i)) & 3) * 7; turn++) await Promise.resolve()
        await lockFolder('/job', files, owners.owner(id), 'x')
        return id
      }),
    )
    const winners = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    expect(winners).toHaveLength(1)
    expect(files.paths.filter((path) => path.startsWith('/job/lock/'))).toEqual([`/job/lock/${winners[0]}`])
  }
})

test('a process that stops at any step leaves nothing that another stumbles over', async () => {
  for (let step = 0; step < 5; step++) {
    const files = fresh()
    const owners = new SimulatedOwners()
    files.before = ({ number }) => {
      if (number === step) throw new Crash('killed')
    }
    await failureOf(lockFolder('/job', files, owners.owner('a'), 'x').then(() => Promise.reject(new Error('done'))))
    owners.gone.add('a')
    const disk = files.restarted(() => 1)
    await lockFolder('/job', disk, owners.owner('b'), 'x')
    expect(disk.paths).toContain('/job/lock/b')
  }
})

test('this process knows itself, and processes that are gone, and none of another host', () => {
  const [host, pid, start, ...rest] = thisProcess.id.split('~')
  expect(pid).toBe(`${process.pid}`)
  expect(thisProcess.lookUp(thisProcess.id)).toBe('alive')
  expect(thisProcess.lookUp([host, 4_194_304, start, ...rest].join('~'))).toBe('gone')
  expect(thisProcess.lookUp(['elsewhere', pid, start, ...rest].join('~'))).toBe('unknown')
  expect(thisProcess.lookUp('something')).toBe('unknown')
  expect(thisProcess.describe(thisProcess.id)).toContain(`process ${process.pid} on `)
})

test.runIf(process.platform === 'linux')('a number that is used again is another process', () => {
  const [host, pid, start, boot, space] = thisProcess.id.split('~')
  const id = (...parts: unknown[]): string => parts.join('~')
  expect(thisProcess.lookUp(id(host, pid, `${start}1`, boot, space))).toBe('gone')
  expect(thisProcess.lookUp(id(host, pid, start, 'another boot', space))).toBe('gone')
  expect(thisProcess.lookUp(id(host, pid, start, boot, 'another'))).toBe('unknown')
  expect(thisProcess.lookUp(id(host, process.ppid, start, boot, space))).toBe('gone')
})
