import { toNonNegativeMillis, toPositiveMillis } from '../time.ts'
import type { WatermarkOptions, WatermarkStrategy } from './watermark-strategy.ts'

/**
 * Checks the options that all strategies have, and turns them into ms.
 *
 * @param who names the strategy in errors
 */
export function watermarkLimits(
  who: string,
  { idleTimeout, maxFutureSkew }: WatermarkOptions,
): Pick<WatermarkStrategy<unknown>, 'idleTimeout' | 'maxFutureSkew'> {
  return {
    idleTimeout: idleTimeout === undefined ? undefined : toPositiveMillis(idleTimeout, `${who}: idleTimeout`),
    maxFutureSkew:
      maxFutureSkew === undefined ? undefined : toNonNegativeMillis(maxFutureSkew, `${who}: maxFutureSkew`),
  }
}
