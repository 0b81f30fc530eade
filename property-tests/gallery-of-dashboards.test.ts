import { findsAll } from './fixtures/gallery/gallery-tests.ts'
import { dashboards } from './fixtures/gallery/dashboards.ts'

findsAll(dashboards)
