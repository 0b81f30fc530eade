import { keepLaws } from './fixtures/operator-laws/law-tests.ts'

keepLaws(1, 3)
