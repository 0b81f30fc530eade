import { gallery } from './fixtures/gallery/gallery-tests.ts'
import { sessionCounts } from './fixtures/gallery/sessions.ts'

gallery(sessionCounts)
