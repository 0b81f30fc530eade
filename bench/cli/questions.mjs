// The questions, and how each tool is asked. Every tool writes lines of values with blanks between them, in any order.
import { fileURLToPath } from 'node:url'

const node = process.execPath
const tidemark = `${node} ${fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url))}`
const duckdb = (/** @type {string} */ sql) =>
  `${node} ${fileURLToPath(new URL('duckdb.mjs', import.meta.url))} "${sql}"`

/** An access log as a table. @param {string} file */
const hits = (file) =>
  `read_csv('${file}', delim=' ', quote='\\"', escape='\\\\', header=false, names=['host','i','u','time','zone','request','status','bytes','referrer','agent'], types={'time':'VARCHAR','status':'VARCHAR','bytes':'VARCHAR'})`

/** Times of the command as those of an access log. */
const clf = `sed -E 's/^([0-9]{4})-01-/\\1-Jan-/;s/^([0-9]{4})-10-/\\1-Oct-/;s/^([0-9]+)-([A-Za-z]+)-([0-9]+)T([0-9:]+):00\\.000Z/\\3\\/\\2\\/\\1:\\4/'`

/**
 * @typedef {object} Question
 * @property {string} name
 * @property {'access' | 'json'} log
 * @property {number} tolerance share by which the last value may differ, on average
 * @property {readonly string[]} [ranks] tools that have another notion of the 99th percentile, where a group is small: their values may differ
 * @property {Record<string, number>} goals most of a tool's time that the command may take
 * @property {Record<string, (file: string) => string>} tools commands for a shell
 */

/** @type {readonly Question[]} */
export const questions = [
  {
    name: 'unique hosts an hour',
    log: 'access',
    tolerance: 0,
    goals: { mawk: 0.8, gawk: 0.4, mlr: 0.2, 'sort | uniq': 0.8, DuckDB: 1 },
    tools: {
      tidemark: (file) =>
        `${tidemark} -p combined -W 1h -a 'users=distinct(host)' -d 60s -q -o tsv ${file} | tail -n +2 | cut -f 1,3 | tr '\\t' ' ' | ${clf} | sed 's/:00 / /'`,
      mawk: (file) =>
        `mawk '{ hour = substr($4, 2, 14); if (!seen[hour, $1]++) hosts[hour]++ } END { for (hour in hosts) print hour, hosts[hour] }' ${file}`,
      gawk: (file) =>
        `gawk '{ hour = substr($4, 2, 14); if (!seen[hour, $1]++) hosts[hour]++ } END { for (hour in hosts) print hour, hosts[hour] }' ${file}`,
      mlr: (file) =>
        `mlr --inidx --ifs ' ' --onidx put -q '@seen[substr($4, 1, 14)][$1] = 1; end { for (hour, hosts in @seen) { print hour . " " . length(hosts) } }' ${file}`,
      'sort | uniq': (file) =>
        `cut -d ' ' -f 1,4 ${file} | sed -E 's/^([^ ]+) .(.{14}).*/\\2 \\1/' | sort -u | cut -d ' ' -f 1 | uniq -c | sed -E 's/ *([0-9]+) (.*)/\\2 \\1/'`,
      DuckDB: (file) => duckdb(`SELECT substr(time, 2, 14), count(DISTINCT host) FROM ${hits(file)} GROUP BY 1`),
    },
  },
  {
    name: 'p99 of bytes by status a minute',
    log: 'access',
    tolerance: 0.01,
    ranks: ['mlr', 'DuckDB'],
    goals: { 'mawk | sort | mawk': 0.8, gawk: 0.8, mlr: 0.2, DuckDB: 1 },
    tools: {
      tidemark: (file) =>
        `${tidemark} -p combined -W 1m -b status -a 'p99(bytes)' -d 60s -q -o tsv ${file} | tail -n +2 | cut -f 1,3,4 | tr '\\t' ' ' | grep -v ' $' | ${clf}`,
      'mawk | sort | mawk': (file) =>
        `mawk -F '"' '{ split($3, size, " "); if (size[2] != "-") print substr($1, index($1, "[") + 1, 17), size[1], size[2] }' ${file} | sort -k 1,1 -k 2,2 -k 3,3n | mawk 'function out() { print key, values[1 + int((n - 1) * 0.99)] } { next_key = $1 " " $2; if (next_key != key) { if (n) out(); key = next_key; n = 0 } values[++n] = $3 } END { out() }'`,
      gawk: (file) =>
        `gawk -F '"' '{ split($3, size, " "); if (size[2] == "-") next; key = substr($1, index($1, "[") + 1, 17) " " size[1]; values[key][++count[key]] = size[2] + 0 } END { for (key in values) { n = asort(values[key], sorted); print key, sorted[1 + int((n - 1) * 0.99)] } }' ${file}`,
      mlr: (file) =>
        `mlr --inidx --ifs '"' --onidx put -q 'size = splitax(strip($3), " "); if (size[2] != "-") { emit1 {"minute": sub($1, ".*\\[(.{17}).*", "\\1"), "status": size[1], "bytes": int(size[2])} }' then stats1 -a p99 -f bytes -g minute,status ${file}`,
      DuckDB: (file) =>
        duckdb(
          `SELECT substr(time, 2, 17), status, quantile_disc(bytes::INTEGER, 0.99) FROM ${hits(file)} WHERE bytes <> '-' GROUP BY 1, 2`,
        ),
    },
  },
  {
    name: 'JSON, count by level',
    log: 'json',
    tolerance: 0,
    goals: { mawk: 0.8, gawk: 0.8, mlr: 0.2, jq: 0.2, 'sort | uniq': 0.8, DuckDB: 1 },
    tools: {
      tidemark: (file) => `${tidemark} -p json -t time -W none -b level -q -o tsv ${file} | tail -n +2 | tr '\\t' ' '`,
      mawk: (file) =>
        `mawk 'match($0, /"level":"[a-z]*"/) { counts[substr($0, RSTART + 9, RLENGTH - 10)]++ } END { for (level in counts) print level, counts[level] }' ${file}`,
      gawk: (file) =>
        `gawk 'match($0, /"level":"[a-z]*"/) { counts[substr($0, RSTART + 9, RLENGTH - 10)]++ } END { for (level in counts) print level, counts[level] }' ${file}`,
      mlr: (file) => `mlr --ijsonl --onidx count -g level ${file}`,
      jq: (file) => `jq -r .level ${file} | sort | uniq -c | sed -E 's/ *([0-9]+) (.*)/\\2 \\1/'`,
      'sort | uniq': (file) =>
        `grep -o '"level":"[a-z]*"' ${file} | sort | uniq -c | sed -E 's/ *([0-9]+) "level":"(.*)"/\\2 \\1/'`,
      DuckDB: (file) =>
        duckdb(`SELECT level, count(*) FROM read_json('${file}', format='newline_delimited') GROUP BY 1`),
    },
  },
]

/** The program that a tool needs. @param {string} tool */
export function programOf(tool) {
  return { 'sort | uniq': 'sort', 'mawk | sort | mawk': 'mawk', DuckDB: node, tidemark: node }[tool] ?? tool
}
