// Compares the public declarations of every entry point with the committed reports in api/, and fails on any difference.
// `--write` updates the reports instead. TSDoc syntax errors fail too, and so do types that public signatures mention but
// that no entry point exports, because a user could not name them.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { entries, root } from './entries.mjs'

/** Types that stay unnamed on purpose. @type {ReadonlySet<string>} */
const unnamed = new Set([
  // What connects tidemark's own parts; for everybody else a flow is an observable, and a job is what `run` gives.
  'Job',
  'ValueFlow',
  // Shapes that inference fills in.
  'AnyElement',
  'AnyStream',
  'Merged',
  'KindFor',
])

const write = process.argv.includes('--write')
const reports = `${root}api/`
const fresh = `${root}.cache/api/`
const silent = { logLevel: ExtractorLogLevel.None }
const strict = { logLevel: ExtractorLogLevel.Error, addToApiReportFile: false }

/** @type {string[]} */
const problems = []
/** @type {Map<string, string>} */
const forgotten = new Map()
/** @type {Set<string>} */
const exported = new Set()

mkdirSync(reports, { recursive: true })
mkdirSync(fresh, { recursive: true })

for (const { specifier, label, types } of entries) {
  const file = `${label}.api.md`
  const config = ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: `${root}package.json`,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: types,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'es2023',
            lib: ['es2023'],
            module: 'nodenext',
            strict: true,
            exactOptionalPropertyTypes: true,
            skipLibCheck: true,
            types: ['node'],
          },
          files: [types],
        },
      },
      apiReport: { enabled: true, reportFolder: fresh, reportTempFolder: `${fresh}temp`, reportFileName: file },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: strict },
        tsdocMessageReporting: {
          default: strict,
          // An editor shows an `@example` as code, with or without a fence; `@param name what` needs no hyphen.
          'tsdoc-param-tag-missing-hyphen': silent,
          'tsdoc-escape-greater-than': silent,
          'tsdoc-escape-right-brace': silent,
          'tsdoc-malformed-inline-tag': silent,
          'tsdoc-malformed-html-name': silent,
          'tsdoc-html-tag-missing-greater-than': silent,
        },
        extractorMessageReporting: {
          default: strict,
          'ae-missing-release-tag': silent,
          'ae-undocumented': silent,
          // A link may lead to another entry point, which the extractor does not see.
          'ae-unresolved-link': silent,
          'ae-forgotten-export': { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: false },
        },
      },
    },
  })
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = true
      if (message.messageId === 'ae-forgotten-export') {
        const name = /"(.+?)"/.exec(message.text)?.[1]
        if (name !== undefined) forgotten.set(ownName(name), specifier)
      } else if (message.logLevel === ExtractorLogLevel.Error) {
        const place =
          message.sourceFilePath === undefined
            ? specifier
            : `${message.sourceFilePath.replace(root, '')}:${String(message.sourceFileLine)}`
        problems.push(`${place}: ${message.text} (${message.messageId})`)
      }
    },
  })
  const now = tidy(readFileSync(fresh + file, 'utf8'), specifier)
  for (const [, name] of now.matchAll(/^export (?:declare |abstract )*\w+ (\w+)/gm)) exported.add(String(name))
  for (const [, name] of now.matchAll(/^export \{ (\w+) \}/gm)) exported.add(String(name))

  const then = existsSync(reports + file) ? readFileSync(reports + file, 'utf8') : undefined
  if (then === now) continue
  if (write) {
    writeFileSync(reports + file, now)
    console.log(`api/${file} written`)
  } else {
    problems.push(
      then === undefined
        ? `api/${file} is missing`
        : `api/${file} differs from the code, from line ${String(firstDifference(then, now))}`,
    )
  }
}

for (const file of readdirSync(reports)) {
  if (entries.some(({ label }) => file === `${label}.api.md`)) continue
  if (write) rmSync(reports + file)
  else problems.push(`api/${file} belongs to no entry point`)
}
for (const [name, specifier] of forgotten)
  if (!exported.has(name) && !unnamed.has(name))
    problems.push(`${specifier}: its signatures use ${name}, which no entry point exports`)

for (const problem of problems) console.error(problem)
if (problems.length > 0) {
  console.error(
    `\n${String(problems.length)} problems; \`npm run api:write\` updates the reports, and the diff belongs in the commit.`,
  )
  process.exitCode = 1
} else console.log(`${String(entries.length)} entry points: the reports in api/ are up to date`)

/**
 * The extractor renames what shares its name with a global (`Event` becomes `Event_2`).
 *
 * @param {string} name
 */
function ownName(name) {
  return name.replace(/_\d+$/, '')
}

/**
 * The report with a user's names and without the comments that every line would carry.
 *
 * @param {string} report
 * @param {string} specifier
 */
function tidy(report, specifier) {
  let named = report
  for (const [line, from, to] of report.matchAll(/^export \{ (\w+) as (\w+) \}\n/gm)) {
    if (from === undefined || to !== ownName(from)) continue
    const declaration = new RegExp(`^(?=(?:declare |abstract )*\\w+ ${from}\\b)`, 'gm')
    named = named.replace(line, '').replaceAll(declaration, 'export ')
  }
  return named
    .replace(/^## API Report File for .*/, `## ${specifier}`)
    .replaceAll(/\b([A-Za-z]\w*?)_\d+\b/g, '$1')
    .replaceAll(/^ *\/\/ @public(?: \(undocumented\))?\n/gm, '')
    .replaceAll(/^ *\/\/ \(undocumented\)\n/gm, '')
    .replaceAll(/^\/\/ \(No @packageDocumentation.*\n\n?/gm, '')
    .replace(/\n+```\s*$/, '\n```\n')
}

/**
 * @param {string} then
 * @param {string} now
 */
function firstDifference(then, now) {
  const before = then.split('\n')
  const after = now.split('\n')
  const at = after.findIndex((line, i) => line !== before[i])
  const line = at === -1 ? after.length : at
  return `${String(line + 1)}:\n  - ${before[line] ?? '(end)'}\n  + ${after[line] ?? '(end)'}`
}
