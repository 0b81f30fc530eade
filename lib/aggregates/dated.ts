/** A value and its event time. */
export interface Dated<V> {
  time: number
  value: V
}
