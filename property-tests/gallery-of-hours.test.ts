import { findsAll } from './fixtures/gallery/gallery-tests.ts'
import { hourly } from './fixtures/gallery/hours.ts'

findsAll(hourly)
