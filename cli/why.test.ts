import fc from 'fast-check'
import { expect, test } from 'vitest'
import { outcomeOf } from './fixtures/outcome-of.ts'

// 1. Of each line that is late `why` says a disorder, and where there is one an allowed lateness, with which it counts.
// 2. As many lines are late as the command says.

const windows = ['1m', 'hop:2m/30s', 'cumulate:4m/1m', 'session:20s', 'slide:10s', 'day@UTC']
const seconds = fc.array(fc.nat({ max: 600 }), { minLength: 2, maxLength: 10 })

/** What `why` tells of each line. */
async function told(flags: readonly string[], question: string, stdin: string): Promise<readonly string[]> {
  const { stdout, stderr } = await outcomeOf(['why', question, '-q', '-p', 'json', '-t', 't:s', ...flags], { stdin })
  expect(stderr).toBe('')
  return stdout.split('\n\n')
}

test('what is said to keep a late line keeps it', { timeout: 60_000 }, async () => {
  let late = 0
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...windows), seconds, fc.nat({ max: 30 }), async (window, times, disorder) => {
      const stdin = times.map((t) => `{"t":${t}}\n`).join('')
      const base = ['-W', window, '-d', `${disorder}s`]
      const all = await told(base, 't', stdin)
      expect(all).toHaveLength(times.length)
      const lost = all.filter((text) => text.includes('verdict    late'))
      const { stderr } = await outcomeOf(['-p', 'json', '-t', 't:s', ...base], { stdin })
      expect(stderr).toContain(`${lost.length} late`)
      for (const text of lost.slice(0, 3)) {
        late += 1
        const [, number = ''] = /^stdin:(\d+)/.exec(text) ?? []
        const [, ways = ''] = /kept with +(.*)/.exec(text) ?? []
        for (const way of ways.split(', or ')) {
          const [again] = await told([...base, ...way.split(' ')], number, stdin)
          expect([window, way, again]).toEqual([window, way, expect.stringContaining('verdict    counted')])
        }
        expect(ways).toMatch(/^--disorder \S+, or --allowed-lateness \S+$/)
      }
    }),
    { numRuns: 60, seed: 8 },
  )
  expect(late).toBeGreaterThan(30)
})
