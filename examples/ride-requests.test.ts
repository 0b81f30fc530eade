import { expect, test } from 'vitest'
import { fromIterable } from 'tidemark/adapters/iterable'
import { rideEvents } from './data/ride-requests.ts'
import { runs } from './fixtures/runs.ts'
import { sorted } from './fixtures/sorted.ts'
import { together } from './fixtures/together.ts'
import { type DriverReport, type Place, type Ride, type RideEvent, type RideRequest, ridesOf } from './ride-requests.ts'

const patience = 5 * 60_000

/** The length of the arc between two points of the unit sphere, by the chord between them. */
function metres(a: Place, b: Place): number {
  const point = ({ lat, lon }: Place): readonly [number, number, number] => {
    const [phi, lambda] = [(lat * Math.PI) / 180, (lon * Math.PI) / 180]
    return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)]
  }
  const [p, q] = [point(a), point(b)]
  return 6_371_000 * 2 * Math.asin(Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]) / 2)
}

/** All events one after the other in the order of time. */
function batch(events: readonly RideEvent[]): readonly Ride[] {
  const rides: Ride[] = []
  const free = new Map<string, DriverReport>()
  let waiting: RideRequest[] = []
  const drive = (request: RideRequest, { driver, place }: DriverReport): void => {
    free.delete(driver)
    rides.push({ request: request.id, driver, metres: Math.round(metres(place, request.place)) })
  }
  const giveUp = (now: number): void => {
    for (const { id, time } of waiting)
      if (time + patience <= now) rides.push({ request: id, driver: undefined, metres: undefined })
    waiting = waiting.filter(({ time }) => time + patience > now)
  }
  for (const event of events.toSorted((a, b) => a.time - b.time)) {
    giveUp(event.time)
    if (event.kind === 'request') {
      const [nearest] = [...free.values()]
        .filter(({ city, time }) => city === event.city && event.time - time < 30 * 60_000)
        .sort((a, b) => metres(a.place, event.place) - metres(b.place, event.place))
      if (nearest === undefined) waiting.push(event)
      else drive(event, nearest)
    } else {
      free.delete(event.driver)
      const first = waiting.find(({ city }) => city === event.city)
      if (event.isFree && first !== undefined) {
        waiting = waiting.filter((request) => request !== first)
        drive(first, event)
      } else if (event.isFree) free.set(event.driver, event)
    }
  }
  giveUp(Infinity)
  return rides
}

test.each(runs)(
  'each request gets the nearest driver: $seed, $arrival, $chunkSize',
  async ({ chunkSize, ...seeds }) => {
    const events = rideEvents(seeds)
    const [rides] = await together(ridesOf(fromIterable(events, { chunkSize })))
    const expected = batch(events)
    expect(sorted(rides)).toEqual(sorted(expected))
    const served = expected.filter(({ driver }) => driver !== undefined).length
    expect(served).toBeGreaterThan(80)
    expect(expected.length - served).toBeGreaterThan(5)
  },
)
