// Builds the package, in dist or in the folder given, step by step.
import { execFileSync } from 'node:child_process'
import { copyFileSync, rmSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { bundle } from './bundle.mjs'
import { kernel, setup as compileKernel } from './compile-kernel.mjs'
import { root } from './entries.mjs'

const folder = resolve(process.argv[2] ?? join(root, 'dist'))

// So that a removed source leaves nothing behind in the package.
rmSync(folder, { recursive: true, force: true })

// The library: a module and its declarations of each source.
const tsc = join(root, 'node_modules', '.bin', 'tsc')
execFileSync(tsc, ['-p', 'tsconfig.build.json', '--outDir', folder], { cwd: root, stdio: 'inherit' })

// The kernel, beside what loads it.
await compileKernel()
copyFileSync(kernel, join(folder, relative(root, kernel)))

// The command.
await bundle(folder)
