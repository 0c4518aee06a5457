import type { AwsError } from "../../engine/aws-error.ts";
import { invalid } from "./log-group.ts";

export type Matches = (message: string) => boolean;

/**
 * @throws InvalidParameterException for syntax that these regular expressions do not support: groups, most symbols,
 *   other letters
 */
export function matchesExpression(expression: string): Matches {
  const wrong = /[^A-Za-z0-9:_#=@/;,\-^$?[\]{}|\\*+.\s]/.exec(expression)?.[0];
  if (wrong !== undefined) throw invalid(`Invalid character(s) in regular expression '${wrong}'`);
  try {
    const compiled = new RegExp(expression);
    return (message) => compiled.test(message);
  } catch {
    throw invalid(`Invalid regular expression '${expression}'`);
  }
}

export const invalidTerm = (term: string): AwsError => invalid(`Invalid character(s) in term '${term}'`);
