import { keepsPage } from './fixtures/gallery/gallery-tests.ts'

keepsPage(3, 4)
