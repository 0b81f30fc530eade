// A thread that adds up ranges of files.
import { serveTasks } from '../../adapters/threads/serve-tasks.ts'
import { loadRangeReader } from './range-reader.ts'

serveTasks(loadRangeReader)
