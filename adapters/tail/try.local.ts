// Laws of following a file, on a simulated file system that changes before any step of whoever reads. The scripts write,
// let the file system tell of changes or not, and stop the reader to start it again at an earlier checkpoint:
//
// 1. However the file is moved away and compressed, each line that was ever written comes once, in order, and no gap is told of.
// 2. So it is when it is copied and cut off while the writer pauses; a line may begin before that and end behind it.
// 3. So it is when it is written anew with more behind, and put in the place of the old one.
// 4. So it is when it is removed and made again, while it is read.
// 5. When it is cut off without a copy, or removed while nobody reads, nothing is missing without a gap, and nothing comes twice.
//
// Exempt is what nobody can know: that a file was there which has gone before anything of it was read, or a compressed copy of one that is
// still written to.
import fc from 'fast-check'
import { printBytes } from './file-mark.ts'
import { SimulatedFiles } from './fixtures/simulated-files.ts'
import { SimulatedLog } from './fixtures/simulated-log.ts'
import { mostBack, type Restart, SimulatedTail, type Step } from './fixtures/simulated-tail.ts'

type Action =
  'write' | 'reopen' | 'rotate' | 'copyTruncate' | 'replace' | 'gzip' | 'truncate' | 'remove' | 'deaf' | 'restart'

interface Scripted {
  readonly action: Action
  readonly after: number
  readonly size: number
}

function scripts(...actions: readonly Action[]): fc.Arbitrary<Scripted[]> {
  const action = fc.oneof({ weight: 2, arbitrary: fc.constant('write' as const) }, fc.constantFrom(...actions))
  return fc.array(fc.record({ action, after: fc.nat(12), size: fc.nat(90) }), { maxLength: 40, size: 'max' })
}

/** Bytes of lines that are all different; some end with CRLF. */
class Text {
  #written = 0
  #whole = ''

  next(size: number): Buffer {
    while (this.#whole.length < this.#written + size) {
      const position = this.#whole.length
      // Neighbours differ, so that a few bytes are not taken for others.
      const filler = Array.from({ length: position % 7 }, (_, i) => String.fromCharCode(0x80 + (((position + i) * 11) % 97)))
      this.#whole += `${position.toString(36)} ${filler.join('')}.${position % 2 === 0 ? '\r' : ''}\n`
    }
    const bytes = Buffer.from(this.#whole.slice(this.#written, this.#written + size), 'latin1')
    this.#written += size
    return bytes
  }
}

/** How many bytes of a file must have been read before this happens to it. */
const toBeSeen: Partial<Record<Action, number>> = { copyTruncate: 1, truncate: 1, remove: 1, replace: printBytes }

async function outcomeOf(
  script: readonly Scripted[],
  tick: number,
): Promise<{ lines: string[]; written: string[]; gaps: readonly unknown[]; readers: number }> {
  const files = new SimulatedFiles(tick)
  const log = new SimulatedLog(files)
  const tail = new SimulatedTail(files)
  const text = new Text()
  const steps = script.map(({ action, after, size }): Step | Restart => {
    if (action === 'restart') return { back: size % (mostBack + 1), missed: after }
    return {
      after,
      act() {
        // Of what nobody has seen it can't be known that it was there.
        const least = toBeSeen[action]
        const isSeen = least === undefined || (action === 'copyTruncate' && log.wasCut)
        if (!isSeen && !tail.hasTaken(log.inode, least)) return []
        if (action === 'write') log.write(text.next(size))
        else if (action === 'replace') return log.replace(text.next(size))
        else if (action === 'rotate' || action === 'copyTruncate') return log[action]()
        else if (action === 'gzip') log.gzip(1 + (size % 3))
        else if (action === 'deaf') files.isTelling = !files.isTelling
        else log[action]()
        return []
      },
    }
  })
  await tail.run(steps)
  return { lines: tail.lines, written: log.lines, gaps: tail.gaps, readers: files.readers }
}

const ticks = fc.constantFrom(1, 3)


import { isDeepStrictEqual } from 'node:util'
const actions = (process.argv[3] ?? 'rotate,reopen,copyTruncate,gzip,deaf,restart').split(',') as Action[]
const law = process.argv[4] ?? 'exact'
let last: unknown
const timer = setTimeout(() => { console.log('STUCK', JSON.stringify(last)); process.exit(1) }, Number(process.argv[5] ?? 60_000))
const r = await fc.check(fc.asyncProperty(scripts(...actions), ticks, async (script, tick) => {
  last = [script, tick]
  const o = await outcomeOf(script, tick)
  if (o.readers !== 0) throw new Error('readers')
  const same = isDeepStrictEqual(o.lines, o.written)
  if (law === 'exact' ? !same || o.gaps.length > 0 : !same && o.gaps.length === 0)
    throw new Error(JSON.stringify(o, undefined, 1))
}), { numRuns: Number(process.argv[2]) })
clearTimeout(timer)
console.log(r.failed ? r.counterexample && JSON.stringify(r.counterexample) : 'ok', r.seed, r.numRuns)
if (r.failed) console.log((r.errorInstance as Error).stack)
