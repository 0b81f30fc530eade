import { findsAll } from './fixtures/gallery/gallery-tests.ts'
import { orders } from './fixtures/gallery/joins.ts'

findsAll(orders)
