import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>
}

const manifest = JSON.parse(readFileSync(here('package.json'), 'utf8')) as Manifest

/** The package's own name, entry by entry of the exports map, leads to the sources and not to dist. */
const ownName = Object.entries(manifest.exports).flatMap(([subpath, target]) =>
  typeof target === 'string'
    ? []
    : [
        {
          find: new RegExp(`^tidemark${subpath.slice(1)}$`),
          replacement: here(target.default.replace('./dist/', './').replace(/\.js$/, '.ts')),
        },
      ],
)

const config: ViteUserConfig = defineConfig({
  resolve: { alias: ownName },
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**', '.cache/**'],
    // Errors outside of the type tests are the business of `npm run types`.
    typecheck: { include: ['**/*.test-d.ts'], tsconfig: './tsconfig.json', ignoreSourceErrors: true },
    // Forks, because tests open sockets, spawn the command and may load native addons.
    pool: 'forks',
    maxWorkers: 2,
    // A machine that stands still for a while is no failure.
    testTimeout: 60_000,
    // A hook may start a broker while other tests have the processors.
    hookTimeout: 180_000,
    globalSetup: ['./.ci/compile-kernel.mjs', './adapters/kafka/fixtures/share-broker.ts'],
    restoreMocks: true,
  },
})

export default config
