import { badValue } from './command-line.ts'
import { didYouMean } from './did-you-mean.ts'

const ipv4 = String.raw`(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)`
const ipv6 = String.raw`(?:[\dA-Fa-f]{0,4}:){2,7}(?:${ipv4}|[\dA-Fa-f]{0,4})`
const hostname = String.raw`[\dA-Za-z][\w-]{0,62}(?:\.[\w-]{1,63})*\.?`
const month = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)'
const clock = String.raw`\d\d:\d\d:\d\d(?:[.,]\d+)?`

/** What the names of a grok pattern stand for. */
export const grokPatterns: Readonly<Record<string, string>> = {
  WORD: String.raw`\b\w+\b`,
  NOTSPACE: String.raw`\S+`,
  SPACE: String.raw`\s*`,
  DATA: '.*?',
  GREEDYDATA: '.*',
  QUOTED: String.raw`"(?:[^"\\]|\\.)*"`,
  INT: String.raw`[+-]?\d+`,
  NUMBER: String.raw`[+-]?(?:\d+(?:\.\d*)?|\.\d+)`,
  HEX: String.raw`(?:0x)?[\dA-Fa-f]+`,
  UUID: String.raw`[\dA-Fa-f]{8}(?:-[\dA-Fa-f]{4}){3}-[\dA-Fa-f]{12}`,
  IPV4: ipv4,
  IPV6: ipv6,
  IP: `(?:${ipv6}|${ipv4})`,
  HOSTNAME: hostname,
  IPORHOST: `(?:${ipv6}|${ipv4}|${hostname})`,
  USER: String.raw`[\w.-]+`,
  PATH: String.raw`/[^\s?#]*`,
  URI: String.raw`[a-z][\w+.-]*://\S+`,
  METHOD: '[A-Z]+',
  LEVEL:
    '(?:[Tt]race|TRACE|[Dd]ebug|DEBUG|[Ii]nfo|INFO|[Nn]otice|NOTICE|[Ww]arn(?:ing)?|WARN(?:ING)?|[Ee]rr(?:or)?|ERR(?:OR)?|[Cc]rit(?:ical)?|CRIT(?:ICAL)?|[Ff]atal|FATAL|[Aa]lert|ALERT|[Ee]merg(?:ency)?|EMERG(?:ENCY)?)',
  TIME: clock,
  ISO8601: String.raw`\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[Zz]|[+-]\d\d:?\d\d)?`,
  HTTPDATE: String.raw`\d\d/${month}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}`,
  SYSLOGTIME: String.raw`${month} +\d{1,2} ${clock}`,
}

/** What stands for a pattern, and may have the name of a field; or what would be that, but for a mistake. */
const reference = /%\{([^}]*)\}/g

/**
 * Makes a regular expression of a grok pattern, in which `%{IP:host}` is what the pattern of that name matches, as the field `host`, and
 * `%{IP}` the same without a field. All else in it is a regular expression.
 *
 * @param text as it was given, for errors
 * @throws UsageError for a name that stands for nothing, and for a field that can't be called so
 */
export function grokPattern(pattern: string, text: string): string {
  return pattern.replaceAll(reference, (whole, inside: string) => {
    const [, name = '', field] = /^(\w*)(?::([A-Za-z_$][\w$]*))?$/.exec(inside) ?? []
    const names = Object.keys(grokPatterns)
    if (name === '') throw badValue('parse', text, `; ${whole} should be %{NAME} or %{NAME:field}`)
    if (!names.includes(name)) throw badValue('parse', text, `; no pattern '${name}'${didYouMean(name, names)}`)
    return field === undefined ? `(?:${grokPatterns[name]})` : `(?<${field}>${grokPatterns[name]})`
  })
}
