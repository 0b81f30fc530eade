import { badValue } from './command-line.ts'

/** A column that results are ordered by. */
export interface SortKey {
  readonly column: string
  readonly isDescending: boolean
}

/**
 * Reads names such as `count:desc`, `host` or `host:asc`.
 *
 * @throws UsageError for a direction without a name
 */
export function parseSort(names: readonly string[]): SortKey[] {
  return names.map((text) => {
    const { column = '', direction = 'asc' } = /^(?<column>.*?)(?::(?<direction>asc|desc))?$/s.exec(text)?.groups ?? {}
    if (column === '') throw badValue('sort', text)
    return { column, isDescending: direction === 'desc' }
  })
}
