import type { Config } from './config.ts'
import { fieldsRead } from './derivation.ts'
import type { Recognized } from './recognize.ts'

/** What is known of records before they are parsed. */
type Parsed = Config & Pick<Recognized, 'parsing' | 'time'>

/** Has records parsed as far as they are read, where none is shown as a whole: the fewer fields the faster. */
export function onlyWhatIsRead<C extends Parsed>(config: C): C {
  const { parsing, derivations, by, aggregates, lookups, dedup, time, late, bad, join, isStrict } = config
  const read = fieldsRead(derivations)
  const isShown = late !== undefined || bad !== undefined || isStrict
  if (parsing.only === undefined || isShown || join !== undefined || read === undefined) return config
  const fields = new Set([
    time.field,
    ...read,
    ...by,
    ...aggregates.flatMap(({ field }) => field ?? []),
    ...lookups.flatMap(({ keys }) => keys.map((key) => key.field)),
    ...(dedup === undefined ? [] : [dedup.field]),
  ])
  // That of an object is no field of it.
  return fields.has('__proto__') ? config : { ...config, parsing: parsing.only([...fields], time.field) }
}
