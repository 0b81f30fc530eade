import type { Notice } from '../../lib/job/notice.ts'
import type { Trouble } from './driver.ts'

/** Says aloud what the driver tries again. */
export function troubleNotice({ what, message, attempts }: Trouble): Notice {
  return { code: 'trouble', operator: what, message: `${what}: ${message} (tried ${attempts} times)` }
}
