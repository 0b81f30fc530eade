// What a job on Kafka costs: a million records of 200 bytes are read, parsed, counted in keyed windows, and the counts written, beside the
// bare client on the same broker in the same run: one that reads the records and writes them, and one that writes as many as the job does. Each contender runs in a process of its own, in
// turn; the best of its runs counts. It is timed from the first record to the last commit. Then the same work is shared by 1, 2 and 4
// processes of one group.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startBroker } from '../adapters/kafka/fixtures/broker.ts'
import { kafkaClient } from '../adapters/kafka/client/kafka-client.ts'
import { copy } from './kafka/bare.mjs'
import { windows } from './kafka/job.mjs'
import { createTopics, fill, partitions } from './kafka/records.mjs'
import { race } from './race.mjs'
import { report } from './report.mjs'

const rounds = Number(process.env['ROUNDS'] ?? 3)
const count = Number(process.env['RECORDS'] ?? 1_000_000)
const bootstrap = process.env['BENCH_KAFKA'] ?? ''

/** @typedef {{ ms: number, cpu: number, read: number, written: number, bytes: number, entries: number, megabytes: number }} Measured */

const from = 'hits'
const [name = ''] = process.argv.slice(2)
/** Topics and groups of one run. */
const own = `run-${process.pid}`

/** @type {Readonly<Record<string, () => Promise<{ ms: number }>>>} */
const contenders = {
  'bare client, which writes what it reads': () => copy({ bootstrap, from, to: own, group: own, count, every: 1 }),
  'bare client, which writes one record for ten': () =>
    copy({ bootstrap, from, to: own, group: own, count, every: 10 }),
  'at least once': () => windows({ bootstrap, from, to: own, group: own, count, isExactlyOnce: false }),
  'exactly once': () => windows({ bootstrap, from, to: own, group: own, count, isExactlyOnce: true }),
}

if (name.startsWith('member of ')) {
  const group = name.slice('member of '.length)
  const until = once(process, 'SIGTERM').then(() => {})
  console.log(JSON.stringify(await windows({ bootstrap, from, to: group, group, count, isExactlyOnce: true, until })))
} else if (name !== '') {
  await createTopics(bootstrap, [own])
  console.log(JSON.stringify(await contenders[name]?.()))
} else {
  const broker = await startBroker({ forThroughput: true, properties: { 'group.initial.rebalance.delay.ms': 2_000 } })
  try {
    process.env['BENCH_KAFKA'] = broker.bootstrap
    await fill(broker.bootstrap, from, count)
    await main(broker.bootstrap)
  } finally {
    await broker.stop()
  }
}

/** @param {string} address */
async function main(address) {
  /** @type {Readonly<Record<string, Measured>>} */
  const best = race(import.meta.url, Object.keys(contenders), rounds)
  const perSecond = (/** @type {string} */ which) => count / ((best[which]?.ms ?? Infinity) / 1_000)
  const [copying = '', tenth = '', atLeastOnce = '', exactlyOnce = ''] = Object.keys(contenders)
  if (best[atLeastOnce]?.written !== best[exactlyOnce]?.written) throw new Error(`different: ${JSON.stringify(best)}`)
  /** @type {import('./report.mjs').Figure[]} */
  const figures = [
    { name: `${copying}, records/s`, measured: Math.round(perSecond(copying)) },
    { name: `${tenth}, records/s`, measured: Math.round(perSecond(tenth)) },
    {
      name: `${best[atLeastOnce]?.written} windows, at least once, records/s`,
      measured: Math.round(perSecond(atLeastOnce)),
    },
    { name: 'exactly once with a commit a second, records/s', measured: Math.round(perSecond(exactlyOnce)) },
    ...[copying, tenth].flatMap((bare) => [
      {
        name: `at least once, of the ${bare}`,
        measured: perSecond(atLeastOnce) / perSecond(bare),
        unit: 'x',
        atLeast: 0.7,
      },
      {
        name: `exactly once, of the ${bare}`,
        measured: perSecond(exactlyOnce) / perSecond(bare),
        unit: 'x',
        atLeast: 0.5,
      },
    ]),
  ]
  for (const [each, { cpu }] of Object.entries(best)) {
    figures.push({ name: `processor time: ${each}`, measured: cpu / 1_000, unit: ' s' })
  }
  console.log(`\n${availableParallelism()} cores, which the broker shares\n`)
  console.log('processes  seconds  records/s  most of one process: records  MB read  state entries  MB of memory')
  for (const processes of [1, 2, 4]) {
    const shared = await together(address, processes)
    const most = (/** @type {keyof Measured} */ of) => Math.max(...shared.members.map((member) => member[of]))
    const cells = [processes, (shared.ms / 1_000).toFixed(1), Math.round(count / (shared.ms / 1_000))]
    const rest = [most('read'), Math.round(most('bytes') / 1e6), most('entries'), Math.round(most('megabytes'))]
    const widths = [9, 7, 9, 28, 7, 13, 12]
    console.log([...cells, ...rest].map((cell, i) => String(cell).padStart(widths[i] ?? 0)).join('  '))
    figures.push({ name: `${processes} processes, records/s`, measured: Math.round(count / (shared.ms / 1_000)) })
    figures.push({ name: `${processes} processes, records of the busiest`, measured: most('read') })
  }
  console.log()
  report('kafka', figures)
}

/** Lets so many processes of one group do the work. @param {string} address @param {number} processes */
async function together(address, processes) {
  const group = `together-${processes}`
  await createTopics(address, [group])
  const members = Array.from({ length: processes }, () => {
    const child = spawn(process.execPath, [fileURLToPath(import.meta.url), `member of ${group}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    child.stdout.on('data', (/** @type {Buffer} */ piece) => (said += piece.toString()))
    return { child, closed: once(child, 'close'), said: () => said }
  })
  const driver = await kafkaClient({ brokers: [address] }, () => {})
  const all = Array.from({ length: partitions }, (_, partition) => ({ topic: from, partition }))
  const processed = async () => (await driver.committed(group, all)).reduce((sum, { offset }) => sum + offset, 0)
  while ((await processed()) === 0) await setTimeout(20)
  const before = performance.now()
  while ((await processed()) < count) await setTimeout(20)
  // From the first commit on, which is a second after the first record.
  const ms = performance.now() - before + 1_000
  await driver.close()
  for (const { child } of members) child.kill('SIGTERM')
  await Promise.all(members.map(({ closed }) => closed))
  return { ms, members: members.map(({ said }) => /** @type {Measured} */ (JSON.parse(said()))) }
}
