// The scripts in the shells they are for.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { commands } from '../commands.ts'
import { flags } from '../flags.ts'
import { bashCompletion } from './bash.ts'
import { fishCompletion } from './fish.ts'
import type { Shell } from './shells.ts'
import { zshCompletion } from './zsh.ts'

const folder = mkdtempSync(join(tmpdir(), 'tidemark-completion-'))
const scripts: Readonly<Record<Shell, string>> = {
  bash: bashCompletion(commands),
  zsh: zshCompletion(commands),
  fish: fishCompletion(commands),
}
for (const [shell, script] of Object.entries(scripts)) writeFileSync(join(folder, shell), script)
writeFileSync(join(folder, 'some.log'), '')

afterAll(() => rmSync(folder, { recursive: true }))

/** Command lines that end where the key is pressed, with something that is offered and something that is not. */
const lines = [
  ['tidemark --prog', '--progress', '--parse'],
  ['tidemark --output ta', 'table', 'ndjson'],
  ['tidemark --output=ch', 'chart', 'table'],
  ['tidemark -o n', 'ndjson', 'chart'],
  ['tidemark late', 'lateness', 'some.log'],
  ['tidemark completion z', 'zsh', 'some.log'],
  ['tidemark -W 1h so', 'some.log', 'lateness'],
  ['tidemark --bad so', 'some.log', 'lateness'],
] as const

/** A test that needs programs. Where one is missing, it says so. */
function withPrograms(...programs: string[]): (title: string, body: () => Promise<void> | void) => void {
  const missing = programs.find((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0)
  return (title, body) => {
    if (missing !== undefined) console.warn(`SKIPPED, for want of the program '${missing}': ${title}`)
    test.skipIf(missing !== undefined)(title, { timeout: 60_000 }, body)
  }
}

withPrograms('bash')('bash offers what fits', () => {
  for (const [line, offered, other] of lines) {
    // As bash takes it apart, where an equals sign is a word.
    const words = line.split(/ |(=)/).filter(Boolean)
    const call = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _tidemark`
    const script = `source '${join(folder, 'bash')}'; ${call}; printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { cwd: folder, encoding: 'utf8' })
    expect([line, stderr, stdout.split('\n')]).toEqual([line, '', expect.arrayContaining([offered])])
    expect(stdout.split('\n')).not.toContain(other)
  }
})

withPrograms('fish')('fish offers what fits', () => {
  for (const [line, offered, other] of lines) {
    const script = `source '${join(folder, 'fish')}'; complete -C '${line}'`
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', script], { cwd: folder, encoding: 'utf8' })
    const words = stdout.split('\n').map((each) => each.replace(/\t.*/, '').replace(/^--output=/, ''))
    expect([line, stderr, words]).toEqual([line, '', expect.arrayContaining([offered])])
    expect(words).not.toContain(other)
  }
})

withPrograms('zsh', 'tmux')('zsh writes what fits', async () => {
  const server = `tidemark-zsh-${process.pid}`
  const tmux = (...args: string[]): string => spawnSync('tmux', ['-L', server, ...args], { encoding: 'utf8' }).stdout
  const seen = (): string => tmux('capture-pane', '-p', '-J', '-t', 'main')
  const until = async (text: string): Promise<void> => {
    for (let i = 0; !seen().includes(text); i++) {
      if (i === 500) throw new Error(`expected '${text}' in\n${seen()}`)
      await setTimeout(20)
    }
  }
  const begin = `autoload -U compinit && compinit -u -d ${folder}/dump && source ${folder}/zsh && PS1='ready> ' && clear`
  try {
    tmux('-f', '/dev/null', 'new-session', '-d', '-s', 'main', '-x', '120', '-y', '20', '-c', folder, 'zsh -f')
    tmux('send-keys', '-t', 'main', begin, 'Enter')
    await until('ready>')
    for (const [line, offered] of lines) {
      tmux('send-keys', '-t', 'main', line, 'Tab')
      await until(line.replace(/[^ =]*$/, offered))
      tmux('send-keys', '-t', 'main', 'C-u')
    }
  } finally {
    tmux('kill-server')
  }
})

test.each(Object.entries(scripts))('%s knows every option', (_, script) => {
  for (const { name } of flags.values()) expect(script).toMatch(new RegExp(`(--|-l )${name}\\b`))
})
