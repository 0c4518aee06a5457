/** One thing that is wrong with a request's input. */
export interface Violation {
  /** Members' names from the input down; list items by position from 0, map values by key. */
  readonly path: readonly (string | number)[];
  readonly trait: "required" | "length" | "range" | "pattern" | "enum";
  /** Of length and range: which end is passed. */
  readonly end?: "min" | "max";
  /** The bound, pattern or values, as text. */
  readonly bound: string;
  /** Of length and range: both ends, in words: `between 5 and 1000`. */
  readonly span?: string;
  /** The rule in AWS's words: `Member must have length less than or equal to 128`. */
  readonly rule: string;
  /** The value as AWS prints it; undefined where it is sensitive. */
  readonly shown: string | undefined;
}
