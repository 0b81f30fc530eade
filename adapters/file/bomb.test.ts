// Little that is compressed and becomes very much.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { route, run } from '../../lib/run.ts'
import { sideOutput } from '../../lib/wiring/side-output.ts'
import type { DeadLetter } from '../line/dead-letter.ts'
import { lines } from './lines.ts'

const root = mkdtempSync(join(tmpdir(), 'tidemark-bomb-'))
afterAll(() => rmSync(root, { recursive: true }))

test('a line without an end that was compressed to nothing is passed over in bounded memory, and told', async () => {
  const path = join(root, 'bomb.gz')
  const megabytes = 300
  // One member after the other, so that the bomb itself takes no memory to make.
  const member = gzipSync(Buffer.alloc(10 * 2 ** 20))
  writeFileSync(path, Buffer.concat([...Array.from({ length: megabytes / 10 }, () => member), gzipSync('\nlast\n')]))
  const refused = sideOutput<DeadLetter>('refused')
  const [texts, letters]: [string[], DeadLetter[]] = [[], []]
  const before = process.memoryUsage.rss()
  let most = 0
  const watching = setInterval(() => (most = Math.max(most, process.memoryUsage.rss() - before)), 5)
  const job = run([
    route(lines(path, { refused }), ({ text }) => void texts.push(text)),
    route(refused, (letter) => void letters.push(letter)),
  ])
  await job.done
  clearInterval(watching)
  expect(texts).toEqual(['last'])
  expect(letters).toMatchObject([{ source: path, number: 1, byteLength: megabytes * 2 ** 20 }])
  expect(most).toBeLessThan(100 * 2 ** 20)
})
