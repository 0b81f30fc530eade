import { keepsPage } from './fixtures/gallery/gallery-tests.ts'

keepsPage(1, 4)
