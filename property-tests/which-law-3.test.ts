import { keepsPage } from './fixtures/gallery/gallery-tests.ts'

keepsPage(2, 4)
