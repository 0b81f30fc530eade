import { gallery } from './fixtures/gallery/gallery-tests.ts'
import { accounts } from './fixtures/gallery/changelogs.ts'

gallery(accounts)
