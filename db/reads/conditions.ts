/** Conditions of a list as they are asked for, each with its values as parameters: nothing of a caller's becomes SQL. */

/** A growing `where`. */
export class Conditions {
  readonly values: unknown[];
  private readonly parts: string[] = [];
  /** With the values of another, when both stand in one statement. */
  constructor(values: unknown[] = []) {
    this.values = values;
  }
  /** Adds a value and returns its placeholder. */
  value(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
  /** Adds a condition; `?` stands for the value and must not be meant otherwise in it. */
  add(text: string, value: unknown): void {
    this.parts.push(text.replaceAll('?', this.value(value)));
  }
  /** Adds a condition without a value. Written out, it lets the planner use an index that is made for it. */
  addFixed(text: string): void {
    this.parts.push(text);
  }
  /** All conditions; empty when there is none. */
  where(): string {
    return this.parts.length > 0 ? `where ${this.parts.join(' and ')}` : '';
  }
}
