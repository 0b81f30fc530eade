import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { hasCode } from './files.ts'

/** A process as the owner of a folder. */
export interface Owner {
  /** Tells this process from all others there are and have been; may be the name of a file. */
  readonly id: string
  /** Whether the process of an id is there; `unknown` where that can't be seen from here. */
  lookUp(id: string): 'alive' | 'gone' | 'unknown'
  /** For people. */
  describe(id: string): string
}

/**
 * This process. A number alone would not do, because numbers are used again: where there is `/proc`, the time of the start, the
 * boot and the namespace of the numbers belong to it. Elsewhere a number that is in use says nothing.
 */
export const thisProcess: Owner = {
  id: [encodeURIComponent(hostname()), process.pid, startOf(process.pid), bootId(), namespace()].join('~'),
  lookUp(id) {
    if (id === thisProcess.id) return 'alive'
    const [host, pid, start, boot, space] = id.split('~')
    const [ownHost, , ownStart, ownBoot, ownSpace] = thisProcess.id.split('~')
    if (host !== ownHost || !(Number(pid) > 0)) return 'unknown'
    if (start === '' || ownStart === '') return isNumberFree(Number(pid)) ? 'gone' : 'unknown'
    if (boot !== ownBoot) return 'gone'
    if (space !== ownSpace) return 'unknown'
    return startOf(Number(pid)) === start ? 'alive' : 'gone'
  },
  describe(id) {
    const [host = '', pid] = id.split('~')
    return `process ${pid} on ${host}`
  },
}

/** In ticks since the boot; empty if there is no such process, or no `/proc`. */
function startOf(pid: number): string {
  // The name of the program, in brackets, may hold anything.
  const fields = contentOf(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')
  return fields?.[19] ?? ''
}

function bootId(): string {
  return contentOf('/proc/sys/kernel/random/boot_id').trim()
}

function namespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, '')
  } catch {
    return ''
  }
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}

function isNumberFree(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return hasCode(error, 'ESRCH')
  }
}
