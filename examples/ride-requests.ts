// Which free driver is nearest to each ride request, and who waits for one in vain?
//
//     node examples/ride-requests.ts
import { boundedOutOfOrderness, type Emit, mapState, run } from 'tidemark'
import { fromIterable } from 'tidemark/adapters/iterable'
import { text } from 'tidemark/adapters/stdio'
// Under another name, because `process` is also what Node calls itself.
import { assignTimestamps, keyBy, process as handle, values } from 'tidemark/operators'
import { type Observable, take } from 'rxjs'
import { rideEvents } from './data/ride-requests.ts'

/** In degrees. */
export interface Place {
  readonly lat: number
  readonly lon: number
}

export interface RideRequest {
  readonly kind: 'request'
  readonly id: string
  readonly time: number
  readonly city: string
  readonly place: Place
}

/** A driver is free from when he says so until he gets a ride, or says that he is not; or until nobody has heard of him for long. */
export interface DriverReport {
  readonly kind: 'driver'
  readonly driver: string
  readonly time: number
  readonly city: string
  readonly place: Place
  readonly isFree: boolean
}

export type RideEvent = RideRequest | DriverReport

/** The driver who takes a request, and how far away he is; both `undefined` when nobody did within five minutes. */
export interface Ride {
  readonly request: string
  readonly driver: string | undefined
  readonly metres: number | undefined
}

const patience = 5 * 60_000

export function ridesOf(events: Observable<RideEvent>): Observable<Ride> {
  return events.pipe(
    assignTimestamps((event) => event.time, boundedOutOfOrderness('1m')),
    keyBy((event) => event.city),
    handle(
      {
        state: { free: mapState<string, DriverReport>({ ttl: '30m' }), waiting: mapState<string, RideRequest>() },
        onEvent({ value }, { state: { free, waiting }, setTimer, clearTimer }, emit: Emit<Ride>) {
          if (value.kind === 'request') {
            // Greedy: whoever asks first gets the nearest, even if another one will be nearer to him in a minute.
            const [nearest] = [...free.values()].sort(byDistanceFrom(value.place))
            if (nearest === undefined) {
              waiting.set(value.id, value)
              setTimer(value.time + patience, value.id)
            } else {
              free.delete(nearest.driver)
              emit(ride(value, nearest))
            }
            return
          }
          free.delete(value.driver)
          if (!value.isFree) return
          const [first] = waiting.values()
          if (first === undefined) free.set(value.driver, value)
          else {
            waiting.delete(first.id)
            clearTimer(first.id)
            emit(ride(first, value))
          }
        },
        onTimer({ name }, { state: { waiting } }, emit) {
          waiting.delete(name)
          emit({ request: name, driver: undefined, metres: undefined })
        },
      },
      // Who is nearest depends on who came before. By time, the answer is the same however the events came.
      { order: 'time', keep: '1d' },
    ),
    values(),
  )
}

function byDistanceFrom(place: Place): (a: DriverReport, b: DriverReport) => number {
  return (a, b) => haversine(a.place, place) - haversine(b.place, place)
}

function ride({ id, place }: RideRequest, report: DriverReport): Ride {
  return { request: id, driver: report.driver, metres: Math.round(haversine(report.place, place)) }
}

/** Metres along the great circle. */
function haversine(a: Place, b: Place): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180
  const half = (angle: number): number => Math.sin(radians(angle) / 2) ** 2
  const h = half(b.lat - a.lat) + Math.cos(radians(a.lat)) * Math.cos(radians(b.lat)) * half(b.lon - a.lon)
  return 2 * 6_371_000 * Math.asin(Math.sqrt(h))
}

if (process.argv[1] === import.meta.filename) {
  const rides = ridesOf(fromIterable(rideEvents()))
  const line = ({ request, driver, metres }: Ride): string =>
    driver === undefined ? `${request}: nobody came` : `${request}: ${driver}, who was ${metres} m away`
  await run(rides.pipe(take(20)), text(process.stdout, line)).done
}
