import { expect, test } from 'vitest'
import { isRotatedName } from './rotated-name.ts'

test.each([
  'app.log.1',
  'app.log.12.gz',
  'app.log-20261128',
  'app.log-20261128-180000.gz',
  'app.log.2026-11-28',
  'app.log.2026-11-28T18:00:00Z',
  'app.log_3',
  'app.log.old',
  'app.log~',
  'app.log.gz',
  'app.1.log',
  'app-20261128.log.gz',
])('%s is what app.log was rotated to', (name) => {
  expect(isRotatedName(name, 'app.log')).toBe(true)
})

test.each([
  'app.log',
  'app.log.tmp',
  'app.log.1.tmp',
  'app-debug.log',
  'app2.log',
  'application.log.1',
  'app.log.bak',
  'pp.log.1',
])('%s is not', (name) => {
  expect(isRotatedName(name, 'app.log')).toBe(false)
})

test('a log without an extension, or one that begins with a point', () => {
  expect(isRotatedName('syslog.1', 'syslog')).toBe(true)
  expect(isRotatedName('.log.1', '.log')).toBe(true)
  expect(isRotatedName('.1.log', '.log')).toBe(false)
})
