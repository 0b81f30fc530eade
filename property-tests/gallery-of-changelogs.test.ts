import { findsAll } from './fixtures/gallery/gallery-tests.ts'
import { accounts } from './fixtures/gallery/changelogs.ts'

findsAll(accounts)
