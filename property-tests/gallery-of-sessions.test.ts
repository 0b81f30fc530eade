import { findsAll } from './fixtures/gallery/gallery-tests.ts'
import { sessionCounts } from './fixtures/gallery/sessions.ts'

findsAll(sessionCounts)
