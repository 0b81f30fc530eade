import { findsAll } from './fixtures/gallery/gallery-tests.ts'
import { silences } from './fixtures/gallery/timers.ts'

findsAll(silences)
