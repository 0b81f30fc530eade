/** Things by their names; the second one of a name has `#2` behind it, and so on. */
export function* uniqueNames<T extends { readonly name: string }>(
  things: Iterable<T>,
): Generator<readonly [id: string, thing: T]> {
  const counts = new Map<string, number>()
  for (const thing of things) {
    const { name } = thing
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    yield [count === 1 ? name : `${name}#${count}`, thing]
  }
}
