import { messageOf } from '../lib/errors.ts'
import type { Fields } from './field.ts'

/** What an expression makes of a record. Throws what the expression throws. */
export type Expression = (record: Fields) => unknown

/** Words that are no fields: those of the language, and its own objects. */
const words: ReadonlySet<string> = new Set(
  (
    'true false null undefined NaN Infinity typeof instanceof in of new void delete this function return if else for while do ' +
    'switch case break continue default throw try catch finally var let const class extends super async await yield import export ' +
    'Math Number String Boolean BigInt Symbol Date JSON RegExp Array Object Set Map Error Intl URL URLSearchParams parseInt ' +
    'parseFloat isNaN isFinite encodeURIComponent decodeURIComponent'
  ).split(' '),
)

// Texts, templates, comments, numbers, names, property accesses; whatever else is one character.
const token =
  /(?<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|(?<template>`(?:\\.|[^`\\])*`)|(?<comment>\/\/.*|\/\*.*?\*\/)|(?<number>\.?\d[\w.]*)|(?<access>\??\.(?!\.)\s*[\p{L}_$][\p{L}\d_$]*)|(?<name>[\p{L}_$][\p{L}\d_$]*)|(?<space>\s+)|(?<mark>\.\.\.|.)/gsuy

const regularExpression = /\/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[\n])+\/[a-z]*/y

/**
 * Finds the names in a JavaScript expression that may be fields: all that are neither words of the language nor properties. A name too
 * many, such as a parameter, does no harm.
 */
export function fieldsOfExpression(expression: string): readonly string[] {
  const names = new Set<string>()
  let isOperand = false
  token.lastIndex = 0
  for (let at = 0; at < expression.length;) {
    regularExpression.lastIndex = at
    // Behind an operand a slash divides.
    if (!isOperand && expression[at] === '/' && !/^\/[/*]/.test(expression.slice(at, at + 2))) {
      const [whole = '/'] = regularExpression.exec(expression) ?? []
      at += whole.length
      isOperand = true
      continue
    }
    token.lastIndex = at
    const match = token.exec(expression)
    if (match === null) break
    at = token.lastIndex
    const { template, name, space, comment, mark } = match.groups ?? {}
    if (space !== undefined || comment !== undefined) continue
    for (const [, inner = ''] of template?.matchAll(/\$\{([^}]*)\}/g) ?? []) {
      const saved = token.lastIndex
      for (const each of fieldsOfExpression(inner)) names.add(each)
      token.lastIndex = saved
    }
    if (name !== undefined && !words.has(name)) names.add(name)
    isOperand =
      mark === undefined
        ? name === undefined || !/^(?:typeof|in|of|instanceof|void|return|new|delete)$/.test(name)
        : /[)\]}]/.test(mark)
  }
  return [...names]
}

/**
 * Makes a function of an expression, in which fields go by their names and the record by `$`.
 *
 * @throws SyntaxError for what is no expression
 */
export function compileExpression(expression: string, fields: readonly string[]): Expression {
  // An expression that closes a bracket too many may still be a program, but no element of a list.
  try {
    make(`[${expression}\n]`)
  } catch (error) {
    const isCutOff = !expression.includes(']') && messageOf(error).includes("']'")
    throw isCutOff ? new SyntaxError('it ends too early', { cause: error }) : error
  }
  const own = fields.filter((field) => field !== '$')
  return make(`${own.length === 0 ? '' : `const { ${own.join(', ')} } = $; `}return (${expression}\n)`) as Expression
}

function make(body: string): unknown {
  // What runs here is what the user wrote, in the user's own process.
  // oxlint-disable-next-line typescript/no-implied-eval, eslint/no-new-func
  return new Function('$', body)
}
