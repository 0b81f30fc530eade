import { gallery } from './fixtures/gallery/gallery-tests.ts'
import { silences } from './fixtures/gallery/timers.ts'

gallery(silences)
