// What each example prints when it is started.
import { readdirSync, readFileSync } from 'node:fs'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { expect, test, vi } from 'vitest'

const folder = fileURLToPath(new URL('.', import.meta.url))

const examples: readonly (readonly [name: string, lines: number, one: string])[] = [
  ['browsing', 27, 'until 2026-11-27T14:00:00.000Z: 40 % of the carts'],
  ['clicks-and-searches', 21, '2026-03-02T08:55:49.511Z tent: never clicked'],
  ['home-timeline', 10, '2026-05-09T08:18:59.158Z edsger: Coffee?'],
  ['money-transfers', 8, 't60: nothing came to anybody'],
  ['parcels', 27, '2026-12-01T09:00 waiting-1: delayed, 2026-12-01T12:45'],
  ['payments-with-tax', 23, '2020-06-30T22:00:00.000Z DE 45.57: 6.29 at 16 %'],
  ['readers-of-pages', 15, '2026-10-05T08:00 /docs: 21'],
  ['ride-requests', 20, 'r106: nobody came'],
  ['shop-database', 6, '{"product":"kettle","sold":28}'],
  ['shopping-sessions', 28, '2026-11-27T10:44:40.374Z shopper-50: 1 6 1 2 3 4 1 2 3 5'],
  ['stack-traces-and-commits', 24, '  c16 src/search.ts'],
  ['suspicious-cards', 36, 'card-in-between: 0.99, and then 500.00'],
]

test('each example but the one with a file of its own is here, and each in the table', () => {
  const all = readdirSync(folder).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  expect(examples.map(([name]) => `${name}.ts`)).toEqual(all.filter((file) => file !== 'hourly-users.ts').sort())
  const listed = [...readFileSync(`${folder}README.md`, 'utf8').matchAll(/^\| \[.*?\]\((.*?)\)/gm)].map(
    ([, file]) => file,
  )
  expect(new Set(listed)).toEqual(new Set(all))
})

test.each(examples)('%s.ts prints %d lines', async (name, lines, one) => {
  const printed: string[] = []
  const stdout = new Writable({
    decodeStrings: false,
    write(piece, _encoding, done) {
      printed.push(String(piece))
      done()
    },
  })
  vi.spyOn(process, 'stdout', 'get').mockReturnValue(stdout as typeof process.stdout)
  vi.spyOn(process, 'argv', 'get').mockReturnValue(['node', `${folder}${name}.ts`])
  await import(`./${name}.ts`)
  const all = printed.join('').trimEnd().split('\n')
  expect(all).toContain(one)
  expect(all).toHaveLength(lines)
})
