import type { Position } from '../parcels.ts'
import { arriving } from './arriving.ts'
import { seeded, type Seeds } from './random.ts'

const minute = 60_000
const hour = 60 * minute
const start = Date.UTC(2026, 11, 1, 6)

/** What vans and depots report of parcels on their way, up to ten minutes out of order. Some parcels lie about for hours. */
export function parcelPositions({ seed = 1, arrival = 1 }: Seeds = {}): readonly Position[] {
  const random = seeded(seed)
  const positions: Position[] = []
  for (let n = 0; n < 25; n++) {
    let time = start + random.below(6 * hour)
    let kmToGo = 40 + random.below(500)
    while (kmToGo > 0) {
      positions.push({ parcel: `parcel-${n}`, time, kmToGo })
      const pause = random.next() < 0.1 ? hour + random.below(4 * hour) : 10 * minute + random.below(40 * minute)
      const isStanding = random.next() < 0.15
      kmToGo = isStanding ? kmToGo : Math.max(0, kmToGo - 5 - random.below(80))
      time += pause
    }
    // The last ones are still on their way.
    if (n < 22) positions.push({ parcel: `parcel-${n}`, time, kmToGo: 0 })
  }
  // It lies about for two hours, and a millisecond less.
  for (const [i, wait] of [2 * hour - 1, 2 * hour].entries()) {
    const parcel = `waiting-${i}`
    positions.push({ parcel, time: start, kmToGo: 90 }, { parcel, time: start + hour, kmToGo: 50 })
    positions.push({ parcel, time: start + hour + wait, kmToGo: 50 })
  }
  const way = seeded(arrival)
  return arriving(positions, () => way.below(10 * minute))
}
