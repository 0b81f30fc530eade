// A file that was cut off may begin again with what was read of it. What can be known of that.
import { describe, expect, test } from 'vitest'
import { SimulatedFiles } from './fixtures/simulated-files.ts'
import { SimulatedLog } from './fixtures/simulated-log.ts'
import { SimulatedTail } from './fixtures/simulated-tail.ts'

interface World {
  readonly files: SimulatedFiles
  readonly log: SimulatedLog
}

function write(text: string): (world: World) => void {
  return ({ log }) => log.write(Buffer.from(text))
}

function cut({ log }: World): void {
  for (const step of log.copyTruncate()) step()
}

function copy({ files }: World): void {
  for (const step of files.copy('/logs/app.log', '/logs/app.log.1')) step()
}

function rotate({ log }: World): void {
  for (const step of log.rotate()) step()
  log.reopen()
}

function other(path: string, text: string): (world: World) => void {
  return ({ files }) => files.append(files.create(path), Buffer.from(text))
}

/** What is read when the rest happens at once after something was read, while nobody reads or between two reads. */
async function read(
  isStopped: boolean,
  [before, ...rest]: readonly ((world: World) => void)[],
): Promise<{ lines: readonly string[]; gaps: readonly unknown[] }> {
  const files = new SimulatedFiles(1)
  const world = { files, log: new SimulatedLog(files) }
  before?.(world)
  const tail = new SimulatedTail(files)
  const atOnce = { after: 50, act: (): void => rest.forEach((each) => each(world)) }
  await tail.run(isStopped ? [{ back: 0, missed: 1 }, atOnce] : [atOnce])
  return { lines: tail.lines, gaps: tail.gaps }
}

const short = '# log\n'
const long = `# ${'x'.repeat(300)}\n`
const rotated = '/logs/app.log.1'

test.each([
  ['few bytes, while nobody reads', true, short],
  ['few bytes, between two reads', false, short],
  ['many bytes, while nobody reads', true, long],
])(
  'what a file held before it was cut off comes from the copy, though it begins alike: %s',
  async (_, isStopped, head) => {
    const { lines, gaps } = await read(isStopped, [write(head), write('one\n'), cut, write(`${head}two\n`)])
    expect(lines.map((line) => `${line}\n`)).toEqual([head, 'one\n', head, 'two\n'])
    expect(gaps).toEqual([])
  },
)

describe.each([
  ['while nobody reads', true],
  ['between two reads', false],
])('%s', (_, isStopped) => {
  test('a copy of a file that was not cut off is not read', async () => {
    const { lines, gaps } = await read(isStopped, [write(short), write('one\n'), copy, write('two\n')])
    expect(lines).toEqual(['# log', 'one', 'two'])
    expect(gaps).toEqual([])
  })

  test('a file that was there before is no copy', async () => {
    const before = (world: World): void => {
      write(short)(world)
      rotate(world)
      write(short)(world)
    }
    const { lines } = await read(isStopped, [before, write('one\n'), other(rotated, 'older\n')])
    expect(lines).toEqual(['# log', 'one'])
  })

  test('a file with other content is no copy', async () => {
    const { lines } = await read(isStopped, [write(short), write('one\n'), other(rotated, '! other\n')])
    expect(lines).toEqual(['# log', 'one'])
  })

  test('a file that was moved away was not cut off', async () => {
    const { lines } = await read(isStopped, [
      write(short),
      write('one\n'),
      rotate,
      write(`${short}two\n`),
      rotate,
      write(`${short}three\n`),
    ])
    expect(lines).toEqual(['# log', 'one', '# log', 'two', '# log', 'three'])
  })
})
