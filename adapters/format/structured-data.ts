import { put } from './put.ts'
import type { SyslogData } from './syslog-message.ts'

// SD-NAME: up to 32 printable characters but for `=`, `]`, `"` and the space.
const element = /\[([^\s=\]"]{1,32})((?: [^\s=\]"]{1,32}="(?:[^"\\\]]|\\.)*")*)\]/sy
const parameter = / ([^\s=\]"]+)="((?:[^"\\\]]|\\.)*)"/gs

/** Structured data that begins at a place of a text, and where it ends; undefined if there is none. */
export function structuredData(
  text: string,
  from: number,
): { readonly data: SyslogData | undefined; readonly end: number } | undefined {
  if (text[from] === '-') return { data: undefined, end: from + 1 }
  const data: Record<string, Record<string, string>> = {}
  let end = from
  for (;;) {
    element.lastIndex = end
    const match = element.exec(text)
    if (match === null) return end === from ? undefined : { data, end }
    const [whole, id = '', parameters = ''] = match
    const values: Record<string, string> = {}
    for (const [, name = '', value = ''] of parameters.matchAll(parameter)) put(values, name, unescaped(value))
    put(data, id, values)
    end += whole.length
  }
}

/** Before other characters a backslash is a backslash. */
function unescaped(value: string): string {
  return value.includes('\\') ? value.replaceAll(/\\(["\\\]])/g, '$1') : value
}
