/** An expression that EventBridge Scheduler refuses, or whose dates AWS does not document. */
export class InvalidExpression extends Error {
  override readonly name = "InvalidExpression";
  /** What would be valid in its place. */
  readonly expected: string;

  constructor(text: string, expected: string) {
    super(`${text}: expected ${expected}`);
    this.expected = expected;
  }
}
