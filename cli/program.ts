/** A TypeScript program as it is put together. */
export class Program {
  readonly #imports = new Map<string, Set<string>>()
  readonly #parts = new Set<string>()

  /** Notes that a name is imported, and returns it. */
  from(module: string, name: string): string {
    const names = this.#imports.get(module) ?? new Set()
    this.#imports.set(module, names.add(name))
    return name
  }

  /** Adds a part, once. */
  add(part: string): void {
    this.#parts.add(part)
  }

  toString(): string {
    const bare = (name: string): string => name.replace('type ', '')
    const imports = [...this.#imports].toSorted(byName).map(([module, names]) => {
      return `import { ${[...names].toSorted((a, b) => (bare(a) < bare(b) ? -1 : 1)).join(', ')} } from '${module}'`
    })
    return `${imports.join('\n')}\n\n${[...this.#parts].join('\n\n')}\n`
  }
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}

/** Writes a text as TypeScript does. */
export function quoted(text: string): string {
  const json = JSON.stringify(text)
  return text.includes("'") || text.includes('\\') ? json : `'${json.slice(1, -1).replaceAll('\\"', '"')}'`
}

/** Writes the name of a property in an object. */
export function property(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name)
}
