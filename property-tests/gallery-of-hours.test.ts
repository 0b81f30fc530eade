import { gallery } from './fixtures/gallery/gallery-tests.ts'
import { hourly } from './fixtures/gallery/hours.ts'

gallery(hourly)
