import * as z from "zod";
import { duration } from "./duration.ts";

/** A duration from `least` to `most`, both as people write them, in seconds once parsed. */
export function durationBetween(least: string, most: string) {
  const [from, to] = [duration.parse(least), duration.parse(most)];
  return z
    .string()
    .superRefine((text, issues) => {
      const { data: seconds } = duration.safeParse(text);
      if (seconds === undefined || (seconds >= from && seconds <= to)) return;
      issues.addIssue({ code: "custom", input: text, message: `from "${least}" to "${most}"` });
    })
    .pipe(duration);
}
