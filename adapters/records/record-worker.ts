// A thread that parses blocks of files.
import { serveTasks } from '../threads/serve-tasks.ts'
import { blockParser } from './parse-block.ts'
import type { Block, BlockSettings, ParsedBlock } from './block.ts'

serveTasks<BlockSettings, Block, ParsedBlock>(
  (settings) => blockParser(settings),
  ({ columns }) => columns.cells.map((cells) => cells.buffer),
)
