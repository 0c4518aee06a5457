import { InvalidArgumentError } from "commander";

/** An account id as somebody gave it to a command. */
export function toAccount(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InvalidArgumentError("Expected the 12 digits of an account id.");
}
