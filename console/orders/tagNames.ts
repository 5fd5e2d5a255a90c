/** Tags as people type them: several, with commas between. Pure. */

/** The tags of a text, each once, without the blanks around them. */
export function tagNames(text: string): string[] {
  return [
    ...new Set(
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    ),
  ];
}

const LENGTH_MAX = 50;

/** What is wrong with tags to add and to remove, in words; undefined when nothing is. */
export function tagsFault(add: readonly string[], remove: readonly string[]): string | undefined {
  if (add.length + remove.length === 0) return 'Name a tag to add or to remove.';
  const long = [...add, ...remove].find((tag) => tag.length > LENGTH_MAX);
  if (long !== undefined)
    return `A tag has ${LENGTH_MAX} characters at most: “${long.slice(0, 20)}…” has more.`;
  const both = add.find((tag) => remove.includes(tag));
  return both === undefined ? undefined : `“${both}” can't be added and removed at once.`;
}
