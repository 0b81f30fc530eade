export type { DeadLetter } from '../line/dead-letter.ts'
export { parse, type ParseOptions } from './parse.ts'
export { apacheError, type ApacheError, apacheErrorFields, type ApacheErrorOptions } from './apache-error.ts'
export { combined, combinedFields, type CombinedOptions } from './combined.ts'
export { common, commonFields, type CommonOptions } from './common.ts'
export { csv, type CsvOptions } from './csv.ts'
export type { CombinedHit, CommonHit } from './hit.ts'
export { parseInstant } from './instant.ts'
export { json } from './json.ts'
export type { JsonOptions } from './json-fields.ts'
export { logfmt } from './logfmt.ts'
export {
  type FieldKinds,
  noRecord,
  type Parser,
  type ParserMemory,
  type ParserRecipe,
  Unparsable,
  unparsable,
} from './parser.ts'
export { regex } from './regex.ts'
export { syslog, type SyslogOptions } from './syslog.ts'
export type { SyslogData, SyslogMessage } from './syslog-message.ts'
export type { TableOptions } from './table.ts'
export { tsv } from './tsv.ts'
export { multiline, type MultilineOptions } from './multiline.ts'
