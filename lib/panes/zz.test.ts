import { expect, test } from 'vitest'
import { Subject } from 'rxjs'
import { window } from '../../operators/window.ts'
import { VirtualClock } from '../clock.ts'
import { sum } from '../aggregates/sum.ts'
import { type Element, event } from '../element.ts'
import { turns } from '../fixtures/turns.ts'
import { run } from '../run.ts'
import { everyProcessingTime } from '../triggers/every-processing-time.ts'
import { afterProcessingTime } from '../triggers/after-processing-time.ts'
import { repeatedly } from '../triggers/repeatedly.ts'
import type { Trigger } from '../trigger.ts'
import { tumbling } from '../windows/tumbling.ts'

class Ticking extends VirtualClock {
  extra = 0
  ticking = false
  override now(): number {
    if (this.ticking) this.extra += 1
    return super.now() + this.extra
  }
}
test('moving clock', async () => {
  const clock = new Ticking()
  const source = new Subject<Element<number, string, undefined>>()
  let asked = 0
  const inner = repeatedly(afterProcessingTime(100))
  const counting: Trigger = { ...inner, shouldFire: (s, c) => { asked += 1; return inner.shouldFire(s as never, c) } } as Trigger
  const out: unknown[] = []
  const job = run(source.pipe(window(tumbling(10), sum(), { trigger: counting })), (e) => void out.push(e))
  await turns()
  source.next(event(1, 1, 'a'))
  await turns()
  clock.advanceTo(1)
  source.next(event(1, 11, 'b'))
  await turns()
  console.log(asked, out.length)
  clock.ticking = true
  clock.advanceTo(100)
  await turns()
  console.log(asked, out.length)
  await job.stop()
})
