// The parsers of all formats but JSON. To find out a format takes all of them, so they are one file of the bundle.
export { apacheError, apacheErrorFields } from '../adapters/format/apache-error.ts'
export { combined, combinedFields } from '../adapters/format/combined.ts'
export { common, commonFields } from '../adapters/format/common.ts'
export { csv } from '../adapters/format/csv.ts'
export { logfmt } from '../adapters/format/logfmt.ts'
export { regex } from '../adapters/format/regex.ts'
export { syslog } from '../adapters/format/syslog.ts'
export { tsv } from '../adapters/format/tsv.ts'
