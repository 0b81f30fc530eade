/** Sets a field of a record that has its names from the input, where `__proto__` is a name as any other. */
export function put<V>(record: Record<string, V>, name: string, value: V): void {
  if (name === '__proto__') {
    Object.defineProperty(record, name, { value, configurable: true, enumerable: true, writable: true })
  } else {
    record[name] = value
  }
}
