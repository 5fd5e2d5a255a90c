/**
 * Values of a mapping: a text is a constant, `{column}` in it stands for the cell, `{column|otherwise}` for the cell
 * or, where that is empty, for what follows the bar.
 */

/** The cells of one row by column name. */
export type Cells = Readonly<Record<string, string>>;

const PLACEHOLDER = /\{([^{}|]+)(?:\|([^{}]*))?\}/g;

/** The columns that a template names. */
export function columnsOf(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
}

/** Fills a template from a row; outer blanks are cut. A column that the row lacks counts as empty. */
export function fill(template: string, cells: Cells): string {
  return template
    .replaceAll(PLACEHOLDER, (_, column: string, otherwise: string | undefined) => {
      const cell = cells[column]?.trim() ?? '';
      return cell === '' ? (otherwise ?? '') : cell;
    })
    .trim();
}
