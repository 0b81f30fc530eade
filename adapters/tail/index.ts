export { tail, type TailOptions } from './tail.ts'
export type { TailGap } from './tail-gap.ts'
export { Line } from '../line/line.ts'
export type { DeadLetter } from '../line/dead-letter.ts'
