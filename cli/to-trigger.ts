import type { Trigger } from '../lib/trigger.ts'
import type { Pace, TriggerSpec } from './trigger-spec.ts'

/** Loads and makes the trigger asked for, as an application would. */
export async function toTrigger(spec: TriggerSpec, allowedLateness: number): Promise<Trigger> {
  if (spec.kind === 'repeated') return await ofPace(spec.pace)
  const { afterWatermark } = await import('../lib/triggers/after-watermark.ts')
  // What is late would be lost if nothing fired for it.
  const late = spec.late ?? (allowedLateness > 0 ? { count: 1 } : undefined)
  return afterWatermark({
    ...(spec.early && { early: await ofPace(spec.early) }),
    ...(late && { late: await ofPace(late) }),
  })
}

async function ofPace(pace: Pace): Promise<Trigger> {
  if ('every' in pace) return (await import('../lib/triggers/every-processing-time.ts')).everyProcessingTime(pace.every)
  const { afterCount } = await import('../lib/triggers/after-count.ts')
  const { repeatedly } = await import('../lib/triggers/repeatedly.ts')
  return repeatedly(afterCount(pace.count))
}
