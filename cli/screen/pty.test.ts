// The command on real terminals: a pseudo-terminal that Python opens, and tmux.
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { typescriptNode } from '../../adapters/stdio/fixtures/typescript-node.ts'
import { EmulatedTerminal } from './fixtures/emulated-terminal.ts'

const bin = fileURLToPath(new URL('../bin.ts', import.meta.url))
const onPty = fileURLToPath(new URL('fixtures/on_pty.py', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'tidemark-pty-'))
const timeout = 60_000

afterAll(() => rmSync(folder, { recursive: true }))

/** A test that needs a program. Where that is missing, it says so. */
function withProgram(program: string): (title: string, body: () => Promise<void>) => void {
  const isThere = spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
  return (title, body) => {
    if (!isThere) console.warn(`SKIPPED, for want of the program '${program}': ${title}`)
    test.skipIf(!isThere)(title, { timeout }, body)
  }
}

/** A command line for a shell, in which `tidemark` is the command. */
function shellLine(line: string): string {
  return `tidemark() { NODE_NO_WARNINGS=1 '${typescriptNode}' '${bin}' "$@"; }; ${line}`
}

/** A command at work on a pseudo-terminal. */
class Pty {
  readonly terminal: EmulatedTerminal
  readonly child: ChildProcessWithoutNullStreams
  raw = ''

  constructor(line: string, columns = 80, rows = 24) {
    this.terminal = new EmulatedTerminal(columns, rows)
    const args = [onPty, String(columns), String(rows), 'bash', '--norc', '-c', shellLine(line)]
    this.child = spawn('python3', args, { cwd: folder, env: { ...process.env, TERM: 'xterm', NO_COLOR: '' } })
    this.child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      this.raw += piece
      this.terminal.take(piece)
    })
    this.child.stderr.on('data', (piece: Buffer) => (this.raw += String(piece)))
  }

  tell(control: string): void {
    this.child.stdin.write(`${control}\n`)
  }

  async shows(isSo: (screen: readonly string[]) => boolean): Promise<void> {
    for (let i = 0; !isSo(this.terminal.screen); i++) {
      if (i === 500) throw new Error(`the terminal shows\n${this.terminal.screen.join('\n')}\nand was sent ${this.raw}`)
      await setTimeout(20)
    }
  }

  /** The exit code. */
  async ended(): Promise<number | null> {
    if (this.child.exitCode === null) await once(this.child, 'close')
    return this.child.exitCode
  }
}

/** Writes a line of logfmt at each of these seconds. */
function feed(seconds: readonly number[]): string {
  return seconds.map((second) => `time=${new Date(second * 1_000).toISOString()} a=1`).join('\\n')
}

const perMinute = `tidemark -p logfmt -W 1m -d 0s --trigger early=1,late=1 --allowed-lateness 1h`
const write = (...seconds: number[]): string => `printf '${feed(seconds)}\\n'`
const rowOf = (minute: number, pane: string, count: number): RegExp =>
  new RegExp(`^1970-01-01 00:0${minute}  1970-01-01 00:0${minute + 1}  ${pane} +${count}$`)

describe('a pseudo-terminal', () => {
  const withPython = withProgram('python3')

  withPython('rows are revised in place, and the summary stands below them', async () => {
    const pty = new Pty(`{ ${write(1, 2)}; read -r < /dev/tty; ${write(61, 3)}; } | ${perMinute}`)
    const { terminal } = pty
    await pty.shows((screen) => screen.some((line) => rowOf(0, 'early', 2).test(line)))
    pty.tell('key 04')
    expect(await pty.ended()).toBe(0)
    const rows = terminal.all.filter((line) => line.startsWith('1970'))
    expect(rows).toEqual([expect.stringMatching(rowOf(0, 'late', 3)), expect.stringMatching(rowOf(1, 'on-time', 1))])
    expect(terminal.all.at(-1)).toBe('4 lines, 0 late, 0 unparsable, 2 windows')
    expect(terminal.cursor).toEqual({ row: terminal.screen.length, column: 0 })
  })

  withPython('Ctrl-C shows what there is, leaves 130, and the terminal as it was', async () => {
    const pty = new Pty(`{ ${write(1, 2)}; sleep 600 & wait; } | ${perMinute}; echo "code $?"`)
    await pty.shows((screen) => screen.some((line) => rowOf(0, 'early', 2).test(line)))
    pty.tell('key 03')
    await pty.ended()
    const { terminal, raw } = pty
    expect(terminal.all.some((line) => rowOf(0, 'on-time', 2).test(line))).toBe(true)
    expect(terminal.all).toContain('code 130')
    // Nothing was switched that would have to be switched back: no cursor hidden, no other screen.
    expect(raw).not.toContain('\u001b[?')
    expect(terminal.cursor.column).toBe(0)
  })

  withPython('a terminal that gets narrower shows the rows once, in its width', async () => {
    const pty = new Pty(`{ ${write(1, 61)}; read -r < /dev/tty; ${write(62)}; } | ${perMinute} -q`)
    await pty.shows((screen) => screen.length === 3)
    pty.terminal.resize(40, 10)
    pty.tell('resize 40 10')
    await pty.shows((screen) => screen.every((line) => line.length <= 40) && screen.some((line) => line.endsWith('…')))
    pty.tell('key 04')
    await pty.ended()
    const [header, ...rows] = pty.terminal.all.filter((line) => /^(1970|window)/.test(line)).slice(-3)
    expect(header).toMatch(/^window_start/)
    expect(rows.map((line) => line.slice(0, 16))).toEqual(['1970-01-01 00:00', '1970-01-01 00:01'])
  })

  withPython('progress comes on standard error alone, and goes when all is done', async () => {
    const from = `{ ${write(1, 2)}; read -r < /dev/tty; ${write(61)}; }`
    const pty = new Pty(`${from} | tidemark -p logfmt -W 1m -d 0s > results; cat results`, 160)
    await pty.shows((screen) =>
      screen.some((line) => /^\d+ B, 2 lines, [\d,]+\/s, event time 1970-01-01 00:00:0\d, \d+d behind$/.test(line)),
    )
    pty.tell('key 04')
    await pty.ended()
    expect(pty.terminal.all.filter((line) => line.includes('behind'))).toEqual([])
    expect(pty.terminal.all.slice(-3)).toEqual([
      '3 lines, 0 late, 0 unparsable, 2 windows',
      expect.stringContaining('"count":2'),
      expect.stringContaining('"count":1'),
    ])
  })
})

describe('tmux', () => {
  const server = `tidemark-${process.pid}`
  const tmux = (...args: string[]): string => spawnSync('tmux', ['-L', server, ...args], { encoding: 'utf8' }).stdout
  const seen = (): string[] => tmux('capture-pane', '-p', '-t', 'main').trimEnd().split('\n')

  async function until(isSo: (screen: readonly string[]) => boolean): Promise<string[]> {
    for (let i = 0; i < 500; i++) {
      const screen = seen()
      if (isSo(screen)) return screen
      await setTimeout(20)
    }
    throw new Error(`tmux shows\n${seen().join('\n')}`)
  }

  afterAll(() => void tmux('kill-server'))

  withProgram('tmux')(
    'rows are revised in place, in whatever size, and Ctrl-C leaves a prompt below them',
    async () => {
      const pipe = join(folder, 'pipe')
      spawnSync('sh', ['-c', `mkfifo ${pipe}`])
      const script = join(folder, 'script')
      writeFileSync(script, `PS1='ready> '\n${shellLine('')}\n`)
      tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'main', '-x', '90', '-y', '20', `bash --rcfile ${script} -i`)
      await until((screen) => screen[0] === 'ready>')
      tmux('send-keys', '-t', 'main', `${perMinute} ${pipe}`, 'Enter')
      const writer = spawn('sh', ['-c', `cat > ${pipe}`], { stdio: ['pipe', 'ignore', 'ignore'] })
      writer.stdin.write(`${feed([1, 2]).replaceAll('\\n', '\n')}\n`)
      await until((screen) => screen.some((line) => rowOf(0, 'early', 2).test(line)))
      writer.stdin.write(`${feed([61, 3]).replaceAll('\\n', '\n')}\n`)
      const screen = await until((lines) => lines.some((line) => rowOf(0, 'late', 3).test(line)))
      expect(screen.filter((line) => line.startsWith('1970'))).toHaveLength(2)
      // Progress comes after a moment, and stands last.
      await until((lines) => /^\d+ B, 4 lines, /.test(lines.at(-1) ?? ''))
      tmux('resize-window', '-t', 'main', '-x', '40', '-y', '10')
      await until((lines) => lines.filter((line) => line.startsWith('1970') && line.endsWith('…')).length === 2)
      tmux('resize-window', '-t', 'main', '-x', '90', '-y', '20')
      await until((lines) => lines.filter((line) => rowOf(0, 'late', 3).test(line)).length === 1)
      tmux('send-keys', '-t', 'main', 'C-c')
      const end = await until((lines) => lines.at(-1) === 'ready>')
      expect(end.slice(-5)).toEqual([
        expect.stringMatching(/^window_start/),
        expect.stringMatching(rowOf(0, 'late', 3)),
        expect.stringMatching(rowOf(1, 'on-time', 1)),
        expect.stringContaining('4 lines, 0 late, 0 unparsable, 2 windows'),
        'ready>',
      ])
      writer.kill()
    },
  )
})
