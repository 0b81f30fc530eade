import type { Slice, TimeWindows, Window, WindowSeries } from '../window.ts'

/** Makes an assigner of a series: the windows of a time are those of its slice, and stay the same array within it. */
export function timeWindows(name: string, series: WindowSeries): TimeWindows {
  let slice: Slice | undefined
  let windows: readonly Window[] = []
  return {
    name,
    series,
    assign(time) {
      if (slice === undefined || time < slice.start || time >= slice.end) {
        slice = series.slice(time)
        windows = windowsOf(series, slice)
      }
      return windows
    },
  }
}

function windowsOf(series: WindowSeries, { first, last }: Slice): readonly Window[] {
  const windows: Window[] = []
  for (let number = first; number <= last; number++) windows.push(series.window(number))
  return windows
}
