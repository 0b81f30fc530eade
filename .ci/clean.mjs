// Wipes what the build writes, so that a removed source leaves nothing behind in the package.
import { rmSync } from 'node:fs'

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true })
