import { describe, expect, test } from 'vitest'
import { TidemarkError } from '../errors.ts'
import { failureOf } from '../fixtures/failure.ts'
import { Crash, SimulatedFiles, systemError } from './fixtures/simulated-files.ts'
import { readSavepoint, savepointChecksum } from './savepoint-reader.ts'
import { writeSavepoint } from './savepoint-writer.ts'
import type { Savepoint } from './savepoint-reader.ts'

const path = '/saved/job.savepoint'
const meta = Buffer.from('meta')

function filesWithFolder(): SimulatedFiles {
  return new SimulatedFiles(
    new Map([
      ['/', 'folder'],
      ['/saved', 'folder'],
    ]),
  )
}

type Cell = readonly [table: string, key: unknown, value: unknown]

function cellsOf(count: number, characters = 5): Cell[] {
  return Array.from({ length: count }, (_, i) => [`table ${i % 3}`, `key ${i}`, String(i % 10).repeat(characters)])
}

async function write(files: SimulatedFiles, cells: readonly Cell[], epoch = 7): Promise<void> {
  await writeSavepoint(path, files, { epoch, meta }, (write) => {
    for (const cell of cells) write(...cell)
  })
}

/** Everything in a savepoint. */
async function read(files: SimulatedFiles): Promise<readonly unknown[]> {
  return readSavepoint(path, files, async (savepoint) => [
    savepoint.epoch,
    Buffer.from(savepoint.meta).toString(),
    ...cellsIn(savepoint),
  ])
}

function cellsIn({ cells }: Savepoint): Cell[] {
  const found: Cell[] = []
  cells((...cell) => found.push(cell))
  return found
}

describe('a savepoint', () => {
  test.each<readonly [string, readonly Cell[]]>([
    ['no cell', cellsOf(0)],
    ['a few', cellsOf(20)],
    ['several frames', cellsOf(40, 50_000)],
    ['one larger than a frame', cellsOf(1, 600_000)],
    [
      'empty keys and values',
      [
        ['', undefined, null],
        ['', '', new Uint8Array()],
      ],
    ],
  ])('gives back what was written: %s', async (_, cells) => {
    const files = filesWithFolder()
    await write(files, cells)
    expect(await read(files)).toEqual([7, 'meta', ...cells])
    expect(files.paths).toEqual(['/', '/saved', path])
  })

  test('has its cells as often as they are asked for', async () => {
    const files = filesWithFolder()
    await write(files, cellsOf(3))
    await readSavepoint(path, files, async (savepoint) => {
      expect(cellsIn(savepoint)).toEqual(cellsOf(3))
      expect(cellsIn(savepoint)).toEqual(cellsOf(3))
    })
  })

  test('is written and read a frame at a time', async () => {
    const files = filesWithFolder()
    let frames = 0
    files.before = ({ operation }) => void (operation === 'writeNow' && (frames += 1))
    let framesInBetween = 0
    await writeSavepoint(path, files, { epoch: 1, meta }, (write) => {
      for (const cell of cellsOf(100, 20_000)) write(...cell)
      framesInBetween = frames
    })
    expect(framesInBetween).toBe(7)
    let reads = 0
    files.before = ({ operation }) => void (operation === 'readNow' && (reads += 1))
    await readSavepoint(path, files, async ({ cells }) => {
      const before = reads
      let readsBeforeTheFirst: number | undefined
      cells(() => (readsBeforeTheFirst ??= reads - before))
      // Where the frame ends, and the frame.
      expect(readsBeforeTheFirst).toBe(2)
      expect(reads - before).toBe(18)
    })
  })

  test('is told from another one by a few bytes', async () => {
    const [one, other] = [filesWithFolder(), filesWithFolder()]
    await write(one, cellsOf(3))
    await write(other, cellsOf(4))
    const checksum = await savepointChecksum(path, one)
    expect(await savepointChecksum(path, other)).not.toBe(checksum)
    await readSavepoint(path, one, async (savepoint) => expect(savepoint.checksum).toBe(checksum))
  })

  test('takes the place of the one before, and of what a crash left over', async () => {
    const files = filesWithFolder()
    files.put(`${path}.tmp`, Buffer.from('left over, and longer than what is to be written'.repeat(20)))
    await write(files, cellsOf(5), 1)
    await write(files, cellsOf(2), 2)
    expect(await read(files)).toEqual([2, 'meta', ...cellsOf(2)])
  })
})

describe('a savepoint that is not whole is refused', () => {
  async function bytesOf(cells: readonly Cell[]): Promise<Uint8Array> {
    const files = filesWithFolder()
    await write(files, cells)
    return files.content(path)
  }

  async function failureWith(bytes: Uint8Array): Promise<unknown> {
    const files = filesWithFolder()
    files.put(path, bytes)
    return failureOf(read(files))
  }

  test('cut off at any place', async () => {
    const bytes = await bytesOf(cellsOf(8))
    for (let length = 0; length < bytes.length; length++) {
      expect(await failureWith(bytes.subarray(0, length)), `${length}`).toMatchObject({ code: 'checkpoint' })
    }
  })

  test('with any byte changed, in any way', async () => {
    const bytes = await bytesOf(cellsOf(8))
    for (let at = 0; at < bytes.length; at++) {
      for (const flip of [1, 0x80, 0xff]) {
        const changed = Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ flip : byte))
        expect(await failureWith(changed), `${at}`).toMatchObject({ code: 'checkpoint' })
      }
    }
  })

  test('without a look beyond its end, whatever length a frame says it has', async () => {
    const files = filesWithFolder()
    await write(files, cellsOf(3))
    const bytes = Uint8Array.from(files.content(path))
    // The highest byte of the length of the first frame.
    bytes[23] = 0xff
    files.put(path, bytes)
    const asked: number[] = []
    const watched = Object.assign(Object.create(files) as SimulatedFiles, {
      async open(...of: Parameters<SimulatedFiles['open']>) {
        const file = await files.open(...of)
        return {
          ...file,
          readNow(position: number, length: number) {
            asked.push(length)
            return file.readNow(position, length)
          },
        }
      },
    })
    expect(await failureOf(readSavepoint(path, watched, async () => {}))).toMatchObject({ code: 'checkpoint' })
    expect(asked).toEqual([16, 12])
  })

  test('with something behind it', async () => {
    const bytes = await bytesOf(cellsOf(8))
    expect(await failureWith(Buffer.concat([bytes, Buffer.from([0])]))).toMatchObject({
      code: 'checkpoint',
      message: `savepoint: expected a whole savepoint, got '${path}', which is damaged or cut off behind byte ${bytes.length} of ${bytes.length + 1}`,
    })
  })

  test('with a whole frame missing, twice, or in another place', async () => {
    const bytes = Buffer.from(await bytesOf(cellsOf(3, 300_000)))
    const starts = [...bytes.keys()].filter((at) => bytes.readUInt32BE(Math.min(at, bytes.length - 4)) === 0xf17de30a)
    const [head, ...frames] = [0, ...starts].map((start, i, all) =>
      bytes.subarray(start, [...all.slice(1), bytes.length][i]),
    )
    const [one, two, three, end] = frames
    if (!head || !one || !two || !three || !end) throw new Error('expected four frames')
    for (const others of [
      [one, three, end],
      [one, two, two, three, end],
      [two, one, three, end],
    ]) {
      expect(await failureWith(Buffer.concat([head, ...others]))).toMatchObject({ code: 'checkpoint' })
    }
  })

  test.each([
    ['no file', undefined, `savepoint: can't read '${path}': ENOENT: open '${path}'`],
    ['an empty one', '', `savepoint: expected a savepoint, got something else in '${path}'`],
    [
      'another one',
      'a text that somebody has written',
      `savepoint: expected a savepoint, got something else in '${path}'`,
    ],
    [
      'one of a later version',
      Buffer.from('tidesave\x02\0\0\0\0\0\0\0', 'latin1'),
      `savepoint: expected a savepoint of version 1, got one of version 2 in '${path}'`,
    ],
  ])('%s', async (_, content, message) => {
    const files = filesWithFolder()
    if (content !== undefined) files.put(path, Buffer.from(content))
    expect(await failureOf(read(files))).toMatchObject({ code: 'checkpoint', message })
    expect(await failureOf(savepointChecksum(path, files))).toMatchObject({ code: 'checkpoint', message })
  })
})

describe('a savepoint that can not be written', () => {
  test('leaves the one before, whatever the machine loses when it stops', async () => {
    const before = [1, 'meta', ...cellsOf(5)]
    const after = [2, 'meta', ...cellsOf(9)]
    const steps = filesWithFolder()
    steps.put(`${path}.tmp`, Buffer.from('left over'))
    await write(steps, cellsOf(9))
    const seen = new Set<number>()
    for (let last = 0; last < steps.steps; last++) {
      for (const when of ['before', 'after'] as const) {
        for (const fate of [0, 1, 2, 3]) {
          const files = filesWithFolder()
          await write(files, cellsOf(5), 1)
          files.put(`${path}.tmp`, Buffer.from('left over'))
          const first = files.steps
          files[when] = ({ number }) => {
            if (number === first + last) throw new Crash()
          }
          expect(await failureOf(write(files, cellsOf(9), 2))).toBeInstanceOf(TidemarkError)
          const restarted = files.restarted((count) => fate % count)
          const found = await read(restarted)
          expect([before, after]).toContainEqual(found)
          seen.add(found.length)
          await write(restarted, cellsOf(1), 3)
          expect(await read(restarted)).toEqual([3, 'meta', ...cellsOf(1)])
        }
      }
    }
    expect(seen.size).toBe(2)
  })

  test('because the disk is full, leaves nothing behind', async () => {
    const files = filesWithFolder()
    await write(files, cellsOf(1))
    files.capacity = 500
    expect(await failureOf(write(files, cellsOf(100)))).toMatchObject({
      code: 'checkpoint',
      message: `savepoint: can't write '${path}': ENOSPC: write '${path}.tmp'`,
    })
    expect(files.paths).toEqual(['/', '/saved', path])
    expect(await read(files)).toEqual([7, 'meta', ...cellsOf(1)])
  })

  test.each(['sync', 'rename', 'open', 'close'])('because of an error in %s', async (failing) => {
    const files = filesWithFolder()
    files.before = ({ operation }) => {
      if (operation === failing) throw systemError('EIO')
    }
    expect(await failureOf(write(files, cellsOf(1)))).toMatchObject({ code: 'checkpoint' })
    expect(files.paths).toEqual(['/', '/saved'])
  })

  test('because a cell can not be, says so in the words of the cell', async () => {
    const files = filesWithFolder()
    const refusal = new TidemarkError('checkpoint', 'no plain data')
    const writing = writeSavepoint(path, files, { epoch: 1, meta }, () => {
      throw refusal
    })
    expect(await failureOf(writing)).toBe(refusal)
    expect(files.paths).toEqual(['/', '/saved'])
  })
})
