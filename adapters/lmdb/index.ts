export { lmdbStore, type LmdbStore } from './lmdb-store.ts'
