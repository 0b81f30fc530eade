import type { Route } from '../lib/run.ts'
import { isoTime } from './iso-time.ts'
import { OutputFile } from './output-file.ts'
import type { Pipeline } from './pipeline.ts'
import type { Settled } from './settle.ts'
import type { SideFile } from './side-file.ts'

/** The files that were asked for beside the results. */
export interface SideFiles {
  readonly routes: readonly Route[]
  close(): Promise<void>
}

/**
 * Creates the files for late events and for what could not become events, and leads the outputs of the pipeline there.
 *
 * @throws TidemarkError `output` for a file that can't be created
 */
export async function openSideFiles({ bad, late, time, checkpoint }: Settled, pipeline: Pipeline): Promise<SideFiles> {
  const files: SideFile[] = []
  const routes: Route[] = []
  const isResumed = checkpoint !== undefined
  if (bad !== undefined) {
    const file = await openFile('bad', bad, isResumed)
    files.push(file)
    routes.push(
      file.route(pipeline.refused, (letter) => letter),
      file.route(pipeline.untimed, ({ value }) => ({ record: value, reason: pipeline.reasonOf(value) })),
    )
  }
  if (late !== undefined) {
    const file = await openFile('late', late, isResumed)
    files.push(file)
    // Records as they came, so that they can be read again, but with a time that needs no guessing.
    routes.push(file.route(pipeline.late, (event) => ({ ...event.value, [time.field]: isoTime(event.time) })))
  }
  return {
    routes,
    async close() {
      for (const file of files) await file.close()
    },
  }
}

async function openFile(flag: string, path: string, isResumed: boolean): Promise<SideFile> {
  if (!isResumed) return await OutputFile.create(flag, path)
  const { ResumedFile } = await import('./resumed-file.ts')
  return new ResumedFile(flag, path)
}
