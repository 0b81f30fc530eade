import { arriving } from './arriving.ts'
import { seeded, type Seeds } from './random.ts'

export type Action = 'view' | 'detail' | 'add' | 'remove' | 'purchase' | 'click'

/** What somebody did in a web shop. */
export interface ShopEvent {
  readonly shopper: string
  readonly time: number
  readonly action: Action
  readonly product: string
}

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
const start = Date.UTC(2026, 10, 27, 8)
const products = 'kettle,lamp,chair,desk,mug,rug,clock,vase,shelf,mirror,pillow,basket'.split(',')

/**
 * Eight hours of a web shop, up to five minutes out of order. One phone was offline and sends everything three hours late, and a
 * tablet its only event 38 minutes: nobody waits for them.
 */
export function shopEvents({ seed = 1, arrival = 1 }: Seeds = {}): readonly ShopEvent[] {
  const random = seeded(seed)
  const events: ShopEvent[] = []
  const visit = (shopper: string, from: number): void => {
    let time = from
    const act = (action: Action, product: string): void => {
      events.push({ shopper, time, action, product })
      time += second + random.below(random.next() < 0.05 ? 35 * minute : 4 * minute)
    }
    const cart: string[] = []
    for (let steps = 1 + random.below(6); steps > 0; steps--) {
      // Some products are wanted by many.
      const product = String(products[Math.floor(products.length * random.next() ** 2)])
      act('view', product)
      if (random.next() < 0.3) act('click', product)
      if (random.next() < 0.6) act('detail', product)
      if (random.next() < 0.4) {
        act('add', product)
        cart.push(product)
      }
      if (cart.length > 0 && random.next() < 0.2) act('remove', String(cart.shift()))
    }
    if (random.next() < 0.6) for (const product of cart) act('purchase', product)
  }
  for (let n = 0; n < 60; n++) {
    for (let visits = 1 + random.below(3); visits > 0; visits--) visit(`shopper-${n}`, start + random.below(8 * hour))
  }
  visit('phone', start + hour + random.below(3 * hour))
  events.push({ shopper: 'tablet', time: start + 2 * hour, action: 'view', product: 'lamp' })
  // Half an hour of nothing to the millisecond, and a millisecond less.
  const pause = (shopper: string, length: number): void => {
    for (const time of [start + hour, start + hour + length])
      events.push({ shopper, time, action: 'view', product: 'rug' })
  }
  pause('pause-1', hour / 2)
  pause('pause-2', hour / 2 - 1)

  const way = seeded(arrival)
  const offline = new Map([
    ['phone', 3 * hour],
    ['tablet', 38 * minute],
  ])
  return arriving(events, ({ shopper }) => offline.get(shopper) ?? way.below(5 * minute))
}
