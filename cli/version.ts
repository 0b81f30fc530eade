import { createRequire } from 'node:module'

interface Manifest {
  readonly version: string
}

/** Says which version of the package this is: `tidemark 1.2.3`. */
export function versionLine(): string {
  // By the package's own name, because how far up package.json lies depends on where the build was put.
  const manifest = createRequire(import.meta.url)('tidemark/package.json') as Manifest
  return `tidemark ${manifest.version}\n`
}
