import { keepLaws } from './fixtures/operator-laws/law-tests.ts'

keepLaws(2, 3)
