import { messageOf, show, TidemarkError } from './errors.ts'

/** Says which operator, key and event time an error arose at; leaves alone what says so already. */
export function callbackError(
  error: unknown,
  operator: string,
  event?: { readonly key: unknown; readonly time: number },
): TidemarkError {
  if (error instanceof TidemarkError && error.operator !== undefined) return error
  const code = error instanceof TidemarkError ? error.code : 'callback'
  const context = { cause: error, operator }
  if (event === undefined) return new TidemarkError(code, `${operator}: ${messageOf(error)}`, context)
  const { key, time } = event
  const where = key === undefined ? `event time ${time}` : `key ${show(key)}, event time ${time}`
  return new TidemarkError(code, `${operator}: ${messageOf(error)} (${where})`, { ...context, key, time })
}
