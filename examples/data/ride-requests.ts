import type { DriverReport, Place, RideEvent, RideRequest } from '../ride-requests.ts'
import { arriving } from './arriving.ts'
import { seeded, type Seeds } from './random.ts'

const minute = 60_000
const start = Date.UTC(2026, 6, 3, 17)
const length = 4 * 60 * minute
const cities = [
  { city: 'Lisbon', lat: 38.722, lon: -9.139 },
  { city: 'Tromsø', lat: 69.649, lon: 18.955 },
]

/** An evening of ride requests and of what drivers report, in two cities, up to a minute out of order. */
export function rideEvents({ seed = 1, arrival = 1 }: Seeds = {}): readonly RideEvent[] {
  const random = seeded(seed)
  // No two events of the evening have the same time.
  const taken = new Set<number>()
  const moment = (): number => {
    let time = start + random.below(length)
    while (taken.has(time)) time += 1
    taken.add(time)
    return time
  }
  const near = ({ lat, lon }: Place): Place => ({
    lat: lat + (random.next() - 0.5) / 10,
    lon: lon + (random.next() - 0.5) / 5,
  })
  const requests = Array.from({ length: 150 }, (_, i): RideRequest => {
    const { city, ...center } = random.pick(cities)
    return { kind: 'request', id: `r${i}`, time: moment(), city, place: near(center) }
  })
  const reports = cities.flatMap(({ city, ...center }, n) =>
    Array.from({ length: 110 }, (): DriverReport => {
      const driver = `d${10 * n + random.below(8)}`
      return { kind: 'driver', driver, time: moment(), city, place: near(center), isFree: random.next() < 0.75 }
    }),
  )
  // In a third city one driver is still thought to be free after half an hour less a millisecond, another one not after half an hour.
  const place = { lat: 47.141, lon: 9.521 }
  for (const [driver, time, silence] of [
    ['d20', start, 30 * minute - 1],
    ['d21', start + 60 * minute, 30 * minute],
  ] as const) {
    reports.push({ kind: 'driver', driver, time, city: 'Vaduz', place, isFree: true })
    requests.push({ kind: 'request', id: `for-${driver}`, time: time + silence, city: 'Vaduz', place: near(place) })
  }
  const way = seeded(arrival)
  return arriving([...requests, ...reports], () => way.below(minute))
}
