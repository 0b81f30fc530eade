import { formatDuration } from '../lib/time.ts'
import { type Program, quoted } from './program.ts'
import type { Pace, TriggerSpec } from './trigger-spec.ts'
import type { WindowSpec } from './window-spec.ts'

/** Writes the windows as an application makes them. */
export function explainWindows(program: Program, spec: WindowSpec): string {
  const made = (name: string, ...lengths: readonly number[]): string => {
    return `${program.from('tidemark', name)}(${lengths.map((length) => `'${formatDuration(length)}'`).join(', ')})`
  }
  switch (spec.kind) {
    case 'tumbling':
      return made('tumbling', spec.size)
    case 'hopping':
      return made('hopping', spec.size, spec.hop)
    case 'cumulative':
      return made('cumulative', spec.size, spec.step)
    case 'sliding':
      return made('sliding', spec.reach)
    case 'session':
      return made('session', spec.gap)
    case 'count':
      return `${program.from('tidemark', 'countWindow')}(${spec.size})`
    case 'calendar':
      return `${program.from('tidemark', 'calendar')}('${spec.unit}', ${quoted(spec.zone)})`
    case 'none':
      return made('globalWindow')
  }
}

/** Writes the trigger as an application makes it. */
export function explainTrigger(program: Program, spec: TriggerSpec, allowedLateness: number): string {
  if (spec.kind === 'repeated') return explainPace(program, spec.pace)
  const late = spec.late ?? (allowedLateness > 0 ? { count: 1 } : undefined)
  const parts = [
    ...(spec.early === undefined ? [] : [`early: ${explainPace(program, spec.early)}`]),
    ...(late === undefined ? [] : [`late: ${explainPace(program, late)}`]),
  ]
  return `${program.from('tidemark', 'afterWatermark')}({ ${parts.join(', ')} })`
}

function explainPace(program: Program, pace: Pace): string {
  if ('every' in pace) return `${program.from('tidemark', 'everyProcessingTime')}('${formatDuration(pace.every)}')`
  return `${program.from('tidemark', 'repeatedly')}(${program.from('tidemark', 'afterCount')}(${pace.count}))`
}
