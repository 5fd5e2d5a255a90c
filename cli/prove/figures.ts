/** Figures with their goals, printed as they come: what a proof shows and whether it is met. */

/** One figure. `value` is what was found, `goal` what was promised. */
export interface Figure {
  name: string;
  value: string;
  goal: string;
  ok: boolean;
}

/** Collects figures and prints each beside its goal. */
export interface Figures {
  /** A figure that has to equal its goal. */
  equal(name: string, value: number | string, goal: number | string): void;
  /** A figure with a judgement of its own. */
  judge(figure: Figure): void;
  /** Something people should know that is no promise. */
  note(text: string): void;
  /** Everything judged so far. */
  all(): readonly Figure[];
  /** True while every figure met its goal. */
  met(): boolean;
}

/** Starts a list of figures; each is printed on stdout at once. */
export function startFigures(
  print: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
): Figures {
  const figures: Figure[] = [];
  const judge = (figure: Figure) => {
    figures.push(figure);
    print(figureLine(figure));
  };
  return {
    judge,
    equal: (name, value, goal) =>
      judge({ name, value: String(value), goal: String(goal), ok: String(value) === String(goal) }),
    note: (text) => print(`  ${text}`),
    all: () => figures,
    met: () => figures.every((figure) => figure.ok),
  };
}

/** `name: value (goal …) ok` or `… SHORT`. */
export function figureLine(figure: Figure): string {
  return `${figure.name}: ${figure.value} (goal ${figure.goal}) ${figure.ok ? 'ok' : 'SHORT'}`;
}
