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
import { fc, test } from '@fast-check/vitest'
import { expect } from 'vitest'
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
  const after = fc.oneof({ weight: 4, arbitrary: fc.nat(12) }, fc.constant(-1))
  return fc.array(fc.record({ action, after, size: fc.nat(90) }), { maxLength: 40, size: 'max' })
}

function act(action: Action, size = 0, after = 0): Scripted {
  return { action, after, size }
}

/** Bytes of lines that are all different; some end with CRLF. */
class Text {
  #written = 0
  #whole = ''

  next(size: number): Buffer {
    while (this.#whole.length < this.#written + size) {
      const position = this.#whole.length
      // Neighbours differ, so that a few bytes are not taken for others.
      const filler = Array.from({ length: position % 7 }, (_, i) =>
        String.fromCharCode(0x80 + (((position + i) * 11) % 97)),
      )
      this.#whole += `#${position.toString(36)} ${filler.join('')}.${position % 2 === 0 ? '\r' : ''}\n`
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
  const isCompressing = script.some(({ action }) => action === 'gzip')
  const steps = script.map(({ action, after, size }): Step | Restart => {
    if (action === 'restart') return { back: size % (mostBack + 1), missed: after }
    return {
      after,
      act() {
        // Of what nobody has seen it can't be known that it was there.
        const least = toBeSeen[action]
        const isSeen = least === undefined || (action === 'copyTruncate' && log.wasCut && !isCompressing)
        if (!isSeen && !tail.hasTaken(log.inode, least)) return []
        if (action === 'write') log.write(text.next(size))
        else if (action === 'replace') return log.replace(text.next(size))
        else if (action === 'rotate' || action === 'copyTruncate') return log[action]()
        else if (action === 'gzip') return log.gzip(1 + (size % 3))
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

/** A file was moved away, and perhaps compressed, in front of one of which nothing had been read. */
const twoAway = [
  act('write', 1),
  act('rotate', 0, 2),
  act('reopen', 0, 5),
  act('rotate'),
  act('write', 1),
  act('reopen'),
]
const movedAway = [
  [...twoAway, act('restart')],
  [...twoAway, act('restart', 0, 5), act('gzip')],
  [act('rotate'), act('write', 1), act('reopen'), act('write', 28), act('rotate'), act('reopen'), act('restart')],
]

test.prop([scripts('rotate', 'reopen', 'gzip', 'deaf', 'restart'), ticks], {
  numRuns: 400,
  examples: movedAway.map((script) => [script, 1]),
})('1. each line comes once, however the file is moved away and compressed', async (script, tick) => {
  const { lines, written, gaps, readers } = await outcomeOf(script, tick)
  expect(lines).toEqual(written)
  expect(gaps).toEqual([])
  expect(readers).toBe(0)
})

/** A file begins with the same byte again after it was cut off, while nobody reads or between two reads. */
const sameAgain = [
  [act('write', 1), act('restart'), act('write', 9), act('write', 18), act('copyTruncate'), act('write', 1)],
  [act('write', 1), act('write', 27, 12), act('copyTruncate', 0, -1), act('write', 1, -1)],
]

test.prop([scripts('copyTruncate', 'gzip', 'deaf', 'restart'), ticks], {
  numRuns: 400,
  examples: sameAgain.map((script) => [script, 1]),
})(
  '2. each line comes once, however the file is copied, cut off and compressed, also one that is cut in two',
  async (script, tick) => {
    const { lines, written, gaps, readers } = await outcomeOf(script, tick)
    expect(lines).toEqual(written)
    expect(gaps).toEqual([])
    expect(readers).toBe(0)
  },
)

test.prop([scripts('replace', 'deaf', 'restart'), ticks], { numRuns: 200 })(
  '3. each line comes once, however the file is written anew',
  async (script, tick) => {
    const { lines, written, gaps } = await outcomeOf(script, tick)
    expect(lines).toEqual(written)
    expect(gaps).toEqual([])
  },
)

test.prop([scripts('remove', 'reopen', 'rotate', 'deaf'), ticks], { numRuns: 200 })(
  '4. each line comes once, however the file is removed and made again while it is read',
  async (script, tick) => {
    const { lines, written, gaps } = await outcomeOf(script, tick)
    expect(lines).toEqual(written)
    expect(gaps).toEqual([])
  },
)

test.prop([scripts('truncate', 'remove', 'reopen', 'deaf', 'restart'), ticks], { numRuns: 400 })(
  '5. nothing is missing without a gap, however the file is cut off or removed',
  async (script, tick) => {
    const { lines, written, gaps, readers } = await outcomeOf(script, tick)
    if (gaps.length === 0) expect(lines).toEqual(written)
    // But for parts of lines, which may be alike.
    for (const line of lines.filter((each) => /^#.*\.$/.test(each))) {
      expect(lines.indexOf(line)).toBe(lines.lastIndexOf(line))
    }
    expect(readers).toBe(0)
  },
)
