import type { PGlite } from '@electric-sql/pglite'

/**
 * What the sinks use of a database. PGlite is PostgreSQL itself, built to run inside of Node: the same SQL, the same transactions, nothing to
 * install or start, on every Node. A client of a server, such as `pg`, has the same with other names.
 */
export type Database = Pick<PGlite, 'exec' | 'query' | 'transaction'>
