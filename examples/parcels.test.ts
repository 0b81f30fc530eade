import { expect, test } from 'vitest'
import { fromIterable } from 'tidemark/adapters/iterable'
import { values } from 'tidemark/operators'
import { parcelPositions } from './data/parcels.ts'
import { runs } from './fixtures/runs.ts'
import { sorted } from './fixtures/sorted.ts'
import { together } from './fixtures/together.ts'
import { type Position, tracked, type Tracking } from './parcels.ts'

const hour = 3_600_000

/** What is known of a parcel after each position, from all of them up to it. */
function batch(positions: readonly Position[]): readonly Tracking[] {
  const parcels = new Set(positions.map(({ parcel }) => parcel))
  return [...parcels].flatMap((parcel) => {
    const own = positions.filter((position) => position.parcel === parcel).toSorted((a, b) => a.time - b.time)
    const [first] = own
    return own.map((position): Tracking => {
      const { time, kmToGo } = position
      const arrived = own.find((other) => other.kmToGo === kmToGo)
      const hours = first === undefined ? 0 : (time - first.time) / hour
      const km = first === undefined ? 0 : first.kmToGo - kmToGo
      const status =
        kmToGo === 0
          ? 'delivered'
          : position === first
            ? 'collected'
            : time - (arrived?.time ?? time) >= 2 * hour
              ? 'delayed'
              : 'on its way'
      return { parcel, time, status, arrival: km === 0 ? undefined : Math.round(time + (kmToGo / (km / hours)) * hour) }
    })
  })
}

test.each(runs)(
  'status and arrival after each position: $seed, $arrival, $chunkSize',
  async ({ chunkSize, ...seeds }) => {
    const positions = parcelPositions(seeds)
    const [trackings] = await together(tracked(fromIterable(positions, { chunkSize })).pipe(values()))
    const expected = batch(positions)
    expect(sorted(trackings)).toEqual(sorted(expected))
    expect(new Set(expected.map(({ status }) => status)).size).toBe(4)
    // In the order of time, whatever the parcel.
    const times = trackings.map(({ time }) => time)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  },
)
