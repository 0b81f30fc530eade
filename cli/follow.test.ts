// Inputs that go on: files that are followed by their names, and addresses at which lines come.
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { connect, type NetConnectOpts } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BuiltCommand, outcomeOfProcess, shows } from './fixtures/built-command.ts'
import { hit, hourRow } from './fixtures/hits.ts'

const flags = ['-p', 'combined', '-W', '1h', '-d', '60s']

let command: BuiltCommand

beforeAll(async () => {
  command = await BuiltCommand.build()
}, 60_000)

afterAll(async () => await command.close())

function logIn(folder: string, ...times: readonly string[]): string {
  const log = join(mkdtempSync(join(command.place, `${folder}-`)), 'access.log')
  writeFileSync(log, times.map(hit).join(''))
  return log
}

/** Resolves when what the command says matches. */
async function says(child: ChildProcessWithoutNullStreams, pattern: RegExp): Promise<readonly string[]> {
  let said = ''
  const look = (piece: string): void => void (said += piece)
  child.stderr.setEncoding('utf8').on('data', look)
  for (;;) {
    const match = pattern.exec(said)
    if (match !== null) return match
    await once(child.stderr, 'data')
  }
}

test('a file is followed from its start through a rotation; Ctrl-C gives the results of what was read', async () => {
  const log = logIn('rotated', '09:10:00', '09:20:00')
  const tidemark = command.start(...flags, '-f', log)
  const outcome = outcomeOfProcess(tidemark)
  appendFileSync(log, hit('10:30:00'))
  await shows(tidemark, hourRow('09', 2))
  renameSync(log, `${log}.1`)
  appendFileSync(`${log}.1`, hit('10:31:00'))
  writeFileSync(log, hit('11:30:00'))
  await shows(tidemark, hourRow('10', 2))
  tidemark.kill('SIGINT')
  const stdout = hourRow('09', 2) + hourRow('10', 2) + hourRow('11', 1)
  expect(await outcome).toEqual({ stdout, stderr: '5 lines, 0 late, 0 unparsable, 3 windows\n', exit: '130\n' })
})

test('--from end begins with what is written from now on', async () => {
  const log = logIn('end', '09:10:00')
  const tidemark = command.start(...flags, '-q', '-f', '--from', 'end', log)
  const outcome = outcomeOfProcess(tidemark)
  // Nothing tells when it has looked where the end is.
  for (let minute = 10; ; minute++) {
    appendFileSync(log, hit(`10:${minute}:00`) + hit(`11:${minute}:00`))
    const shown = await Promise.race([shows(tidemark, '"window_start":"2018-10-11T10'), setTimeout(500, 'nothing')])
    if (shown !== 'nothing') break
  }
  tidemark.kill('SIGINT')
  expect((await outcome).stdout).not.toContain('T09:00')
})

test('a glob means files to come, and one to which nothing is written holds nothing back for longer than --idle', async () => {
  const log = logIn('glob', '09:10:00')
  const tidemark = command.start(...flags, '-q', '-f', '--idle', '300ms', log.replace('access', '*'))
  const outcome = outcomeOfProcess(tidemark)
  writeFileSync(log.replace('access', 'later'), hit('09:20:00') + hit('10:20:00'))
  await shows(tidemark, hourRow('09', 2))
  tidemark.kill('SIGINT')
  expect((await outcome).stdout).toBe(hourRow('09', 2) + hourRow('10', 1))
})

test('with --checkpoint and --out each line counts once, though the command is killed and the file rotated meanwhile', async () => {
  const log = logIn('killed', '00:10:00', '00:20:00')
  const [out, state] = [`${log}.results`, `${log}.state`]
  const kept = ['-q', '--checkpoint', state, '--checkpoint-every', '10ms', '--out', out]
  const written: string[] = []
  for (let hour = 1; hour < 8; hour++) {
    const child = command.start(...flags, ...kept, '-f', log)
    const ended = outcomeOfProcess(child)
    for (const minute of ['10', '20']) appendFileSync(log, hit(`0${hour}:${minute}:00`))
    written.push(hourRow(`0${hour - 1}`, 2))
    while (readResults(out) !== written.join('')) {
      expect(child.exitCode).toBe(null)
      expect(written.join('').startsWith(readResults(out))).toBe(true)
      await setTimeout(5)
    }
    // The first one stops, because only what has a checkpoint is known again under another name.
    child.kill(hour % 3 === 1 ? 'SIGINT' : 'SIGKILL')
    await ended
    if (hour % 2 === 0) {
      renameSync(log, `${log}.${hour}`)
      writeFileSync(log, '')
    }
  }
})

test('a table goes on with the header of the run before', async () => {
  const folder = mkdtempSync(join(command.place, 'table-'))
  const [log, out] = [join(folder, 'table.csv'), join(folder, 'results')]
  writeFileSync(log, 'time,n\n10,1\n20,2\n3700,4\n')
  const flags = ['-q', '-p', 'csv', '-t', 'time:s', '-W', '1h', '-d', '1s', '-l', 'twice=n * 2', '-a', 'sum(twice)']
  const start = (): ChildProcessWithoutNullStreams =>
    command.start(...flags, '-o', 'csv', '--checkpoint', join(folder, 'state'), '--out', out, '-f', log)
  for (const sums of [[6], [6, 8]]) {
    const child = start()
    const ended = outcomeOfProcess(child)
    while (readResults(out).split('\n').length < sums.length + 2) {
      expect(child.exitCode).toBe(null)
      await setTimeout(5)
    }
    child.kill('SIGINT')
    expect(await ended).toEqual({ stdout: '', stderr: '', exit: '130\n' })
    expect([...readResults(out).matchAll(/,(\d+)$/gm)].map(([, sum]) => Number(sum))).toEqual(sums)
    appendFileSync(log, '7300,8\n')
  }
})

function readResults(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

async function send(options: NetConnectOpts, text: string): Promise<void> {
  const socket = connect(options)
  socket.end(text)
  await once(socket, 'close')
}

test('--listen takes the lines of whoever connects, by TCP and by a Unix socket at once', async () => {
  const path = join(command.place, 'log.sock')
  const tidemark = command.start(...flags, '--listen', 'tcp://:0', '--listen', `unix:${path}`)
  const outcome = outcomeOfProcess(tidemark)
  const [, port] = await says(tidemark, /^listening at 127\.0\.0\.1:(\d+)$/m)
  await send({ port: Number(port) }, hit('09:10:00') + hit('10:10:00'))
  await send({ path }, hit('09:20:00') + hit('10:20:00').trimEnd())
  await setTimeout(300)
  tidemark.kill('SIGINT')
  expect((await outcome).stdout).toBe(hourRow('09', 2) + hourRow('10', 2))
  expect((await outcome).exit).toBe('130\n')
})

test('--listen takes datagrams', async () => {
  const tidemark = command.start(...flags, '--listen', 'udp://127.0.0.1:0')
  const outcome = outcomeOfProcess(tidemark)
  const [, port] = await says(tidemark, /^listening at 127\.0\.0\.1:(\d+)$/m)
  const socket = createSocket('udp4')
  for (const time of ['09:10:00', '10:10:00']) socket.send(hit(time), Number(port))
  await shows(tidemark, hourRow('09', 1))
  socket.close()
  tidemark.kill('SIGINT')
  expect((await outcome).stdout).toBe(hourRow('09', 1) + hourRow('10', 1))
})
