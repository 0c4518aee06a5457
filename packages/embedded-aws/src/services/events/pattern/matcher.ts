/** One way a value may match. A field matches when any of its matchers does. */
export type Matcher =
  | { readonly kind: "equals"; readonly value: string | number | boolean | null }
  | { readonly kind: "equals-ignore-case"; readonly value: string }
  | { readonly kind: "prefix" | "suffix"; readonly value: string; readonly ignoreCase: boolean }
  /** The texts between the wildcards, in order. */
  | { readonly kind: "wildcard"; readonly segments: readonly string[] }
  | { readonly kind: "anything-but"; readonly values: readonly (string | number)[] }
  | { readonly kind: "anything-but-match"; readonly matchers: readonly Matcher[] }
  | { readonly kind: "numeric"; readonly comparisons: readonly Comparison[] }
  | { readonly kind: "exists"; readonly exists: boolean }
  | { readonly kind: "cidr"; readonly contains: (address: string) => boolean };

export interface Comparison {
  readonly operator: "=" | "<" | "<=" | ">" | ">=";
  readonly operand: number;
}

/** Fields that must all match, and for each `$or` a list of which one must. */
export interface Pattern {
  readonly fields: ReadonlyMap<string, Pattern | readonly Matcher[]>;
  readonly anyOf: readonly (readonly Pattern[])[];
}
