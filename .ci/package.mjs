// Packs dist as it stands and tries the tarball as a user would: publint, attw, then an empty project outside of this
// checkout that installs it, imports every entry point, runs the command and type-checks the examples against it.
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { entries, root } from './entries.mjs'

/** @type {{ devDependencies: Record<string, string> }} */
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const bin = join(root, 'node_modules', '.bin')
/** Not a dev dependency: it is a runner of others, and large. */
const jest = 'jest@30.5.2'
const place = mkdtempSync(join(tmpdir(), 'tidemark-package-'))
const consumer = join(place, 'consumer')
mkdirSync(consumer)

// Everything below runs on the Node that runs this script, also what starts with `#!/usr/bin/env node`.
const env = { ...process.env, PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter) }

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} [cwd]
 */
function run(command, args, cwd = root) {
  try {
    return execFileSync(command, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  } catch (error) {
    if (error instanceof Error && 'stdout' in error) console.error(String(error.stdout))
    throw new Error(`${command} ${args.join(' ')} failed`, { cause: error })
  }
}

/** @param {readonly string[]} packages */
function install(...packages) {
  run(
    'npm',
    ['install', '--silent', '--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', ...packages],
    consumer,
  )
}

/** @param {readonly string[]} names the pinned version of each, as this project uses it */
function pinned(...names) {
  return names.map((name) => `${name}@${String(devDependencies[name])}`)
}

/** @param {readonly string[]} specifiers */
function importAll(specifiers) {
  const code = specifiers.map((specifier) => `await import(${JSON.stringify(specifier)})`).join('\n')
  run(process.execPath, ['--input-type=module', '--eval', code], consumer)
}

try {
  run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', place])
  const name = String(readdirSync(place).find((file) => file.endsWith('.tgz')))
  const tarball = join(place, name)
  const files = run('tar', ['-tzf', tarball]).trim().split('\n')
  const twice = files.filter((file) => /^package\/dist\/cli\/(.*\/|.*\.(d\.ts|map)$)/.test(file))
  if (twice.length > 0) throw new Error(`the tarball has more of the command than its bundle: ${twice.join(' ')}`)
  const foreign = files.filter((file) => /\.test(-d)?\.|\.bench\.|fixtures\//.test(file))
  if (foreign.length > 0) throw new Error(`the tarball has test files in it: ${foreign.join(' ')}`)
  for (const file of ['README.md', 'LICENSE', 'CHANGELOG.md', 'man/tidemark.1'])
    if (!files.includes(`package/${file}`)) throw new Error(`the tarball has no ${file}`)
  console.log(`packed ${name}: ${String(files.length)} files`)

  run(join(bin, 'publint'), ['run', tarball, '--strict'])
  console.log('publint: good')
  run(join(bin, 'attw'), [tarball, '--profile', 'esm-only', '--no-definitely-typed', '--no-emoji', '--no-color'])
  console.log('attw: good')

  writeFileSync(join(consumer, 'package.json'), '{ "name": "consumer", "private": true, "type": "module" }\n')
  const specifiers = entries.map(({ specifier }) => specifier)
  install(tarball, ...pinned('rxjs'))
  importAll(specifiers.filter((specifier) => !/\/(property-tests|ix)$/.test(specifier)))
  console.log('imports without the optional peers: good')
  install(...pinned('fast-check', 'ix', '@types/node', '@electric-sql/pglite'))
  importAll(specifiers)
  console.log(`imports of all ${String(specifiers.length)} entry points: good`)

  writeFileSync(
    join(consumer, 'access.log'),
    ['10.0.0.1', '10.0.0.2', '10.0.0.1']
      .map((host, i) => `${host} - - [22/Nov/2026:10:0${String(i)}:00 +0000] "GET / HTTP/1.1" 200 12 "-" "curl"\n`)
      .join(''),
  )
  const args = [
    '--parse',
    'combined',
    '--window',
    '1h',
    '--agg',
    'users=distinct(host)',
    '--disorder',
    '60s',
    'access.log',
  ]
  const command = join(consumer, 'node_modules', '.bin', 'tidemark')
  const table = run(command, args, consumer)
  if (!table.includes('users') || !/\b2\b/.test(table))
    throw new Error(`the command wrote something else than 2 users:\n${table}`)
  console.log('the command: good')

  // The pipeline of a user's module is run by the package that the module imports, not by the copy in the bundle of the command.
  writeFileSync(
    join(consumer, 'users.mjs'),
    `import { boundedOutOfOrderness, countDistinct, tumbling } from 'tidemark'
import { lines } from 'tidemark/adapters/file'
import { combined, parse } from 'tidemark/adapters/format'
import { assignTimestamps, values, window } from 'tidemark/operators'
import { map } from 'rxjs'
export default ([log, size]) => lines(log).pipe(
  parse(combined()),
  assignTimestamps(({ time }) => time, boundedOutOfOrderness('60s')),
  window(tumbling(size), countDistinct(({ host }) => host)),
  values(),
  map((users) => ({ users })),
)
// More than one at once takes a job that can hold back its source, so one that knows it.
export const options = { bufferLimit: 1 }
`,
  )
  const users = run(command, ['run', 'users.mjs', 'access.log', '1m'], consumer)
  if (users !== '{"users":1}\n'.repeat(3))
    throw new Error(`tidemark run wrote something else than a user a minute:\n${users}`)
  const refusal = spawnSync(command, ['run', 'users.mjs', 'access.log', 'never'], {
    cwd: consumer,
    env,
    encoding: 'utf8',
  })
  if (refusal.status !== 1 || !/^tidemark: tumbling: .*'never'\n$/.test(refusal.stderr))
    throw new Error(`tidemark run: expected an error of tumbling, got ${refusal.stderr}`)
  console.log('a pipeline run by the command: good')

  // More lines than one thread parses.
  const line = readFileSync(join(consumer, 'access.log'), 'utf8')
  writeFileSync(join(consumer, 'large.log'), line.repeat(Math.ceil(2 ** 25 / line.length)))
  const large = run(command, [...args.slice(0, -1), '--quiet', 'large.log'], consumer)
  if (!/"users":2\b/.test(large)) throw new Error(`threads of the command gave something else than 2 users:\n${large}`)
  console.log('threads of the command: good')

  const lines = specifiers.map((specifier, i) => `import * as entry${String(i)} from '${specifier}'`)
  const all = specifiers.map((_, i) => `entry${String(i)}`).join(', ')
  lines.push(`export const all: readonly object[] = [${all}]`)
  writeFileSync(join(consumer, 'consumer.ts'), lines.join('\n'))
  if (existsSync(join(root, 'examples')))
    cpSync(join(root, 'examples'), join(consumer, 'examples'), {
      recursive: true,
      filter: (source) => !source.includes('.test') && !source.includes('node_modules'),
    })
  // What the examples use beside the package has declarations that are none of its business.
  for (const [file, skipLibCheck] of /** @type {const} */ ([
    ['consumer.ts', false],
    ['examples', true],
  ])) {
    const project = join(consumer, `tsconfig.${file}.json`)
    const compilerOptions = {
      target: 'es2023',
      module: 'nodenext',
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      allowImportingTsExtensions: true,
      // The declarations of the package are part of what is tried.
      skipLibCheck,
      types: ['node'],
    }
    writeFileSync(project, JSON.stringify({ compilerOptions, include: [file] }))
    run(join(bin, 'tsc'), ['-p', project])
  }
  console.log('type check of a consumer and the examples: good')

  install(jest)
  cpSync(join(root, '.ci', 'jest'), join(consumer, 'jest'), { recursive: true })
  // Jest loads modules as Node does only if it is told to.
  const jestArgs = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js']
  run(process.execPath, [...jestArgs, '--silent', '--testMatch', '**/jest/*.jest.js'], consumer)
  console.log('the harness in Jest: good')
} finally {
  rmSync(place, { recursive: true, force: true })
}
