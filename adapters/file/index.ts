export { lines, type LinesOptions } from './lines.ts'
export { Line } from '../line/line.ts'
export type { RefusedLine } from '../line/line-splitter.ts'
export { records, type RecordsOptions } from '../records/records.ts'
