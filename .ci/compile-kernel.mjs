// Compiles the kernel in WebAssembly, if its sources have changed since. Before tests (as a global setup of Vitest) and in the build.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { main } from 'assemblyscript/asc'
import { root } from './entries.mjs'

const folder = join(root, 'adapters', 'records', 'kernel')

/** What it makes. */
export const kernel = join(root, 'adapters', 'records', 'kernel.wasm')

/** Leaves a file that is newer than all that it is made of. The time of the folder tells of files that are gone. */
export async function setup() {
  const sources = readdirSync(folder).map((file) => join(folder, file))
  const parts = [folder, ...sources, join(root, 'package-lock.json'), fileURLToPath(import.meta.url)]
  if (existsSync(kernel) && parts.every((part) => statSync(part).mtimeMs < statSync(kernel).mtimeMs)) return
  const options = ['--outFile', kernel, '-O3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd']
  // Nothing is imported, not even what an allocation that fails would call.
  const { error } = await main([join(folder, 'index.ts'), ...options, '--use', 'abort='], { stderr: process.stderr })
  if (error !== null) throw error
}
