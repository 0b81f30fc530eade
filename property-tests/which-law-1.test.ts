import { keepsPage } from './fixtures/gallery/gallery-tests.ts'

keepsPage(0, 4)
