// Bundles the command: what a usual question needs into few files, because each that is loaded costs time at the start; what only some
// questions need into files of its own, loaded when it is used. The library beside it stays as the compiler made it.
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'
import { rolldown } from 'rolldown'
import { entries, root } from './entries.mjs'

/** The program. What it imports dynamically becomes files of its own. */
const program = 'cli/bin.ts'

/** Files by the modules that each is made of, which take along all that they import; the first file that has a module keeps it. */
const files = [
  { name: 'main', modules: ['cli/main.ts'] },
  {
    name: 'usual',
    modules: ['cli/to-config.ts', 'cli/surroundings.ts', 'cli/run-job.ts', 'adapters/format/combined.ts'],
  },
]

/** Programs of threads, started by `new URL('./NAME.js', import.meta.url)`: each is one file. */
const workers = ['adapters/records/record-worker.ts', 'cli/subtotals/range-worker.ts']

/** What is read by `new URL('./NAME', import.meta.url)`: put beside the bundle. */
const copied = ['adapters/records/kernel.wasm']

/** Packages in the bundle. Others are found where they are installed, when they are used. */
const bundled = ['rxjs', 'tslib', 'tinyqueue']

/** The entry points of the package: they are for pipelines of users, who import the same, and never part of the bundle. */
const published = new Map(
  entries.map(({ types }) => {
    const path = relative(join(root, 'dist'), types)
    return [join(root, path.replace(/\.d\.ts$/, '.ts')), path.replace(/\.d\.ts$/, '.js')]
  }),
)

/** @type {import('rolldown').InputOptions} */
const input = {
  // Not 'node', with which RxJS would be CommonJS, of which nothing can be left out.
  platform: 'neutral',
  resolve: { conditionNames: ['es2015', 'import'], mainFields: ['module', 'main'] },
  external: (id) => /^[a-z@]/.test(id) && !bundled.some((name) => id === name || id.startsWith(`${name}/`)),
  treeshake: { moduleSideEffects: false },
  transform: { target: 'node20.19' },
  plugins: [
    {
      name: 'published',
      async resolveId(source, importer, options) {
        const path = published.get((await this.resolve(source, importer, { ...options, skipSelf: true }))?.id ?? '')
        return path === undefined ? null : { id: `../${path}`, external: true }
      },
    },
  ],
  // A module that is imported in both ways is no surprise: it is loaded by then.
  checks: { ineffectiveDynamicImport: false },
}

/** @type {import('rolldown').OutputOptions} */
const output = { entryFileNames: '[name].js', chunkFileNames: '[name].js', comments: { jsdoc: false } }

/** @param {string} folder where the package is built; the command becomes its folder `cli` */
export async function bundle(folder) {
  const dir = join(folder, 'cli')
  const groups = files.map(({ name, modules }, i) => ({
    name,
    test: (/** @type {string} */ id) => modules.includes(relative(root, id)),
    priority: files.length - i,
  }))
  const modules = await write(program, dir, { groups })
  for (const worker of workers) modules.push(...(await write(worker, dir, false)))
  for (const file of copied) cpSync(join(root, file), join(dir, basename(file)))
  writeFileSync(join(dir, 'LICENSES.txt'), licenses(modules))
  checkNeighbours(dir)
}

/**
 * Writes a program.
 *
 * @param {string} entry
 * @param {string} dir
 * @param {NonNullable<import('rolldown').OutputOptions['codeSplitting']>} codeSplitting
 * @returns the modules that are in it
 */
async function write(entry, dir, codeSplitting) {
  const build = await rolldown({ cwd: root, input: entry, ...input })
  const { output: written } = await build.write({ dir, ...output, codeSplitting })
  await build.close()
  return written.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
}

/** What code looks for beside itself has to be there. @param {string} dir */
function checkNeighbours(dir) {
  for (const file of readdirSync(dir).filter((name) => name.endsWith('.js'))) {
    const code = readFileSync(join(dir, file), 'utf8')
    for (const [, name = ''] of code.matchAll(/new URL\("([^"]+)", import\.meta\.url\)/g)) {
      if (existsSync(join(dir, name))) continue
      throw new Error(
        `${file}: expected '${name}' beside it, got nothing; it belongs among the workers or the copied files`,
      )
    }
  }
}

/** The licences of the packages that are in the bundle. @param {readonly string[]} modules */
function licenses(modules) {
  const used = bundled.filter((name) => modules.some((id) => id.includes(`/node_modules/${name}/`)))
  return used
    .map((name) => {
      const folder = join(root, 'node_modules', name)
      /** @type {{ version: string }} */
      const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      const file = ['LICENSE.txt', 'LICENSE'].find((each) => existsSync(join(folder, each)))
      if (file === undefined) throw new Error(`${name}: expected a file with its licence, got none`)
      return `${name} ${version}\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
    })
    .join('\n')
}
