import type { CombinedHit, CommonHit } from '../format/hit.ts'
import { combined } from '../format/combined.ts'
import { common } from '../format/common.ts'
import { json } from '../format/json.ts'
import type { Parser, ParserRecipe } from '../format/parser.ts'

/** Makes the parser that has the recipe. */
export function parserOf({ format, kinds }: ParserRecipe): Parser<Readonly<Record<string, unknown>>> {
  const fields = Object.keys(kinds)
  switch (format) {
    // A recipe has the fields of its format.
    case 'common':
      return common({ fields: fields as (keyof CommonHit)[] })
    case 'combined':
      return combined({ fields: fields as (keyof CombinedHit)[] })
    case 'json': {
      const instant = fields.find((field) => kinds[field] === 'instant')
      return json({ fields, ...(instant !== undefined && { instant }) })
    }
  }
}
