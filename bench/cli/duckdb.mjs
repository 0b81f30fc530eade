// Answers a question in SQL with DuckDB: `node duckdb.mjs SQL`, rows as lines of values with blanks between them.
import { DuckDBInstance } from '@duckdb/node-api'

const instance = await DuckDBInstance.create(':memory:')
const connection = await instance.connect()
const rows = await connection.runAndReadAll(process.argv[2] ?? '')
console.log(
  rows
    .getRows()
    .map((row) => row.join(' '))
    .join('\n'),
)
