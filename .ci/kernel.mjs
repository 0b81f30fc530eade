// Puts the kernel beside the compiled sources.
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { kernel, setup } from './compile-kernel.mjs'
import { root } from './entries.mjs'

await setup()
copyFileSync(kernel, join(root, 'dist', 'adapters', 'records', 'kernel.wasm'))
