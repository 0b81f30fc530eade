import { readFileSync } from 'node:fs'

/** How the kernel reads lines. */
export const formats = { common: 0, combined: 1, json: 2 } as const

/** What the cells of a column are to the kernel. */
export const cellKinds = { number: 0, text: 1, value: 1, instant: 2 } as const

/** How the kernel numbers the fields of an access log. */
export const accessLogFields: readonly string[] =
  'host ident user time request method path protocol status bytes referer agent'.split(' ')

/** Why the kernel reads no further. */
export const stops = { end: 0, full: 1, odd: 2, instant: 3 } as const

/** What `kernel/index.ts` exports, where it is explained. Addresses and lengths are in bytes. */
export interface Kernel {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly next: Variable
  readonly rows: Variable
  readonly oddInstant: Variable
  readonly oddInstantEnd: Variable
  allocate(bytes: number): number
  openColumns(most: number): void
  addColumn(kind: number, field: number, nameLength: number): number
  read(format: number, at: number, end: number, longest: number): number
  addRow(): number
  clearRows(): void
  cellsOf(column: number): number
  sizeOf(column: number): number
  endsOf(column: number): number
  bytesOf(column: number): number
  reserve(column: number): number
  clear(column: number): void
}

interface Variable {
  readonly value: number
}

interface Compiled {
  readonly exports: unknown
}

/** As far as it is used here; the types of Node leave it to those of browsers. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => Compiled
}

/** Compiled once in a thread. */
let compiled: object | undefined

/** Makes a kernel with a memory of its own. Compiling it takes a millisecond, the first time. */
export function newKernel(): Kernel {
  compiled ??= new WebAssembly.Module(bytes())
  return new WebAssembly.Instance(compiled).exports as Kernel
}

let isKnown: boolean | undefined

/** Whether kernels can be made: not where Node has no compiler (`--jitless`), nor where the addresses of a process are few. */
export function hasKernels(): boolean {
  isKnown ??= canMakeOne()
  return isKnown
}

function canMakeOne(): boolean {
  // What is missing from the package is another matter.
  bytes()
  try {
    newKernel()
    return true
  } catch {
    return false
  }
}

function bytes(): Uint8Array {
  return readFileSync(new URL('./kernel.wasm', import.meta.url))
}
