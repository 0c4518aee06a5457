import type { Blueprint } from "embedded-aws/deploy";
import * as z from "zod";
import type { BuildArn } from "../../events/ids.ts";
import { callUrl, UrlRefused } from "../command/call-url.ts";

interface GivenAnswer {
  readonly build: BuildArn;
  readonly channel?: string;
  readonly verdict: "approved" | "rejected";
  readonly reason: string;
}

/** The response of `functions/approval/answer-approval.ts`. */
const outcome = z.object({ outcome: z.enum(["counted", "refused"]).optional(), text: z.string() });

/**
 * Sends an answer to the function's URL.
 * @returns the outcome, for the terminal
 * @throws AnswerRefused with the function's reason, or IAM's
 */
export async function sendAnswer(blueprint: Blueprint, given: GivenAnswer): Promise<string> {
  const { status, text, content } = await callUrl(blueprint, "answer-approval", given).catch((cause: unknown) => {
    throw cause instanceof UrlRefused ? new AnswerRefused(cause.message, { cause }) : cause;
  });
  const read = outcome.safeParse(content);
  if (!read.success) throw new AnswerRefused(`HTTP ${status}: ${text}`);
  if (read.data.outcome !== "counted") throw new AnswerRefused(read.data.text);
  return read.data.text;
}

/** The answer was rejected, or could not be sent. */
class AnswerRefused extends Error {
  override readonly name = "AnswerRefused";

  constructor(reason: string, options?: ErrorOptions) {
    super(`The answer was not recorded: ${reason}`, options);
  }
}
