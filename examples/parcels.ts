// Where is each parcel, and when will it arrive?
//
//     node examples/parcels.ts
import { boundedOutOfOrderness, run, type Stream } from 'tidemark'
import { fromIterable } from 'tidemark/adapters/iterable'
import { assignTimestamps, keyBy, mapWithState, materialize, toTable } from 'tidemark/operators'
import type { Observable } from 'rxjs'
import { parcelPositions } from './data/parcels.ts'

export interface Position {
  readonly parcel: string
  readonly time: number
  readonly kmToGo: number
}

/** What is known of a parcel by its latest position. */
export interface Tracking {
  readonly parcel: string
  readonly time: number
  /** `delayed`: it has come no closer for two hours. */
  readonly status: 'collected' | 'on its way' | 'delayed' | 'delivered'
  /** If it goes on as fast as so far; `undefined` as long as it has not moved. Epoch ms. */
  readonly arrival: number | undefined
}

/** All that has to be remembered of a parcel: where it was first, and where it came closer for the last time. */
interface Trip {
  readonly first: Position
  readonly closest: Position
}

export function tracked(positions: Observable<Position>): Stream<Tracking, string, undefined> {
  return positions.pipe(
    assignTimestamps((position) => position.time, boundedOutOfOrderness('10m')),
    keyBy((position) => position.parcel),
    mapWithState(
      undefined as Trip | undefined,
      (before, position) => {
        const { first, closest } = before ?? { first: position, closest: position }
        const trip = { first, closest: position.kmToGo < closest.kmToGo ? position : closest }
        return [trip, trackingOf(trip, position)]
      },
      // A parcel of which nothing is heard for a month is forgotten. One that is found after that begins anew.
      { order: 'time', keep: '30d' },
    ),
  )
}

function trackingOf({ first, closest }: Trip, { parcel, time, kmToGo }: Position): Tracking {
  const kmPerMs = (first.kmToGo - kmToGo) / (time - first.time)
  const arrival = kmPerMs > 0 ? Math.round(time + kmToGo / kmPerMs) : undefined
  return { parcel, time, status: statusOf(), arrival }

  function statusOf(): Tracking['status'] {
    if (kmToGo === 0) return 'delivered'
    if (time === first.time) return 'collected'
    return time - closest.time >= 2 * 3_600_000 ? 'delayed' : 'on its way'
  }
}

if (process.argv[1] === import.meta.filename) {
  const board = materialize<Tracking, string>()
  await run(tracked(fromIterable(parcelPositions())).pipe(toTable()), board).done
  const minute = (time = 0): string => new Date(time).toISOString().slice(0, 16)
  for (const { parcel, time, status, arrival } of [...board.entries()].map(([, tracking]) => tracking))
    process.stdout.write(`${minute(time)} ${parcel}: ${status}, ${minute(arrival)}\n`)
}
