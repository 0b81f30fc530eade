/** What takes two columns: scripts of East Asia (Unicode Standard Annex 11), and pictures. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u

const plain = /^[ -~]*$/

/** Counts the columns of a terminal that a text takes. */
export function displayWidth(text: string): number {
  if (plain.test(text)) return text.length
  let width = 0
  for (const character of text) width += widthOf(character)
  return width
}

/** Cuts a text to so many columns; what is cut off shows as `…`. */
export function shortened(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let taken = ''
  let left = width - 1
  for (const character of text) {
    left -= widthOf(character)
    if (left < 0) break
    taken += character
  }
  return width < 1 ? '' : `${taken}…`
}

function widthOf(character: string): number {
  // Accents stand above the character before them.
  if (/\p{Mark}/u.test(character)) return 0
  return wide.test(character) ? 2 : 1
}
