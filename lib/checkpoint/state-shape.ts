/** How the values look that an operator keeps for its user, who may change that from one deployment to the next. */
export interface StateShape {
  /** Says so, in plain data. */
  readonly layout: unknown
  /**
   * What is loaded has another layout: it is made to look as now.
   *
   * @param isDropped whether a part of the state may go, by its name
   * @throws TidemarkError `checkpoint` if that can't be done
   */
  adapt(layout: unknown, isDropped: (part: string) => boolean): void
}
