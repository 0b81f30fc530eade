import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { expandPaths } from '../adapters/file/expand-paths.ts'
import { fileBytes } from '../adapters/file/file-bytes.ts'
import { Line } from '../adapters/line/line.ts'
import { LineSplitter } from '../adapters/line/line-splitter.ts'
import type { Input } from './inputs.ts'
import type { RecordLayout } from './sources.ts'

/** The first lines of an input, and what stands for the input now that they have been looked at. */
export interface Sample {
  /** As the input is called; `undefined` if none could be looked into. */
  readonly source: string | undefined
  readonly lines: readonly Line[]
  readonly standardInput: Readable
}

/** Looked at, at most. */
const mostBytes = 64 * 1024

/**
 * Reads the first lines of the first input that has any, or the first records of several lines. Of standard input nothing is lost by that:
 * what was read is put back. A named pipe is left alone, because it can't be put back.
 */
export async function takeSample(
  inputs: readonly Input[],
  { multiline }: RecordLayout,
  standardInput: Readable,
): Promise<Sample> {
  const sample = await firstOf(inputs, standardInput)
  return multiline === undefined ? sample : { ...sample, lines: grouped(sample.lines, multiline) }
}

async function firstOf(inputs: readonly Input[], standardInput: Readable): Promise<Sample> {
  for (const input of inputs) {
    if (input.kind === 'stdin') return await peeked(standardInput)
    if (input.kind === 'recording') return { source: 'stdin', lines: await recordedLines(input.path), standardInput }
    if (input.kind !== 'file' && input.kind !== 'followed') continue
    for (const path of await pathsOf(input)) {
      if (!(await stat(path)).isFile()) continue
      const lines = await firstLines(path)
      if (lines.length > 0) return { source: path, lines, standardInput }
    }
  }
  return { source: undefined, lines: [], standardInput }
}

async function recordedLines(path: string): Promise<readonly Line[]> {
  const { readRecording } = await import('./recording-file.ts')
  const pieces: Buffer[] = []
  for await (const { bytes } of readRecording(path)) {
    pieces.push(bytes)
    if (totalLength(pieces) >= mostBytes) return linesOf('stdin', Buffer.concat(pieces), false)
  }
  return linesOf('stdin', Buffer.concat(pieces), true)
}

/** What is followed need not be there yet. */
async function pathsOf({ kind, path }: Input & { readonly path: string }): Promise<readonly string[]> {
  if (kind === 'file') return [path]
  return await expandPaths([path]).catch(() => [])
}

function grouped(lines: readonly Line[], start: RegExp): readonly Line[] {
  const groups: Line[] = []
  for (const line of lines) {
    const last = groups.at(-1)
    if (last === undefined || start.test(line.text)) groups.push(line)
    else groups[groups.length - 1] = new Line(last.bytes, last.start, line.end, last.source, last.number, last.offset)
  }
  return groups
}

async function firstLines(path: string): Promise<readonly Line[]> {
  for await (const piece of fileBytes(path, mostBytes, new AbortController().signal)) {
    return linesOf(path, piece, piece.length < mostBytes)
  }
  return []
}

async function peeked(standardInput: Readable): Promise<Sample> {
  const pieces: Buffer[] = []
  let hasEnded = standardInput.readableEnded || standardInput.destroyed
  const end = (): void => void (hasEnded = true)
  standardInput.once('end', end).once('error', end).once('close', end)
  try {
    for (;;) {
      const piece: unknown = standardInput.read()
      if (piece !== null) {
        const bytes = Buffer.from(piece as Buffer)
        pieces.push(bytes)
        if (!bytes.includes('\n') && totalLength(pieces) < mostBytes) continue
        const all = Buffer.concat(pieces)
        standardInput.unshift(all)
        return { source: 'stdin', lines: linesOf('stdin', all, false), standardInput }
      }
      if (hasEnded) break
      await Promise.race(['readable', 'end', 'error', 'close'].map((name) => once(standardInput, name)))
    }
  } finally {
    for (const name of ['end', 'error', 'close']) standardInput.off(name, end)
  }
  // It has ended within its first line, and takes nothing back any more.
  const all = Buffer.concat(pieces)
  return {
    source: 'stdin',
    lines: linesOf('stdin', all, true),
    standardInput: Readable.from(all.length > 0 ? [all] : []),
  }
}

function totalLength(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0)
}

function linesOf(source: string, bytes: Buffer, isWhole: boolean): readonly Line[] {
  const splitter = new LineSplitter(source, mostBytes, () => {})
  const lines = [...splitter.push(bytes)]
  return isWhole ? [...lines, ...splitter.end()] : lines
}
