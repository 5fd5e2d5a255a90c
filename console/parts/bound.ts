/** How much more may be typed: a field that just takes no more letters leaves people wondering. Pure. */

/** From this share of the bound on it is said. */
const CLOSE = 0.9;

/** "480 of 500 characters" once a text comes close to its bound, and that the rest was cut when it is there; else undefined. */
export function boundText(text: string, max: number): string | undefined {
  if (text.length < max * CLOSE) return undefined;
  const count = `${text.length} of ${max} characters`;
  return text.length < max ? count : `${count}: no more fits, what is longer is cut off`;
}

/** What a field says below its label, with how much more fits once that matters. */
export function described(description: string, text: string, max: number): string {
  const bound = boundText(text, max);
  return bound === undefined ? description : `${description} ${bound}.`;
}
