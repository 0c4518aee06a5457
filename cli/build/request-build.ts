import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Blueprint } from "embedded-aws/deploy";
import * as z from "zod";
import { buildArn } from "../../events/ids.ts";
import { callUrl, UrlRefused } from "../command/call-url.ts";

/** A request for a build. */
export interface BuildRequest {
  readonly image: string;
  /** On whose behalf; the requester is the IAM identity of the credentials. */
  readonly note?: string;
  readonly reason?: string;
  readonly urgent?: true;
}

/** The answer of `functions/build/start-build.ts`. */
const answer = z.object({
  decision: z.enum(["started", "started-before", "waits", "suppressed"]),
  /** The ledger finds the request's build by it. */
  token: z.string(),
  build: buildArn.optional(),
  reason: z.string().optional(),
  until: z.iso.datetime().optional(),
});
export type RequestAnswer = z.output<typeof answer>;

const TRIES = 3;

/**
 * Requests a build from the deployed factory with the current credentials. A call that failed half-way is repeated;
 * the request's id makes it the same request.
 * @throws BuildRefused with the function's message
 */
export async function requestBuild(blueprint: Blueprint, asked: BuildRequest): Promise<RequestAnswer> {
  const request = randomUUID();
  for (let tries = 1; ; tries++) {
    const { status, text, content } = await callUrl(blueprint, "start-build", { ...asked, request }).catch(
      (cause: unknown) => {
        throw cause instanceof UrlRefused ? new BuildRefused(asked.image, cause.message) : cause;
      },
    );
    if (status === 200) return parse(asked.image, content);
    const { text: why = text } = refusal.safeParse(content).data ?? {};
    if (status < 500 || tries === TRIES) throw new BuildRefused(asked.image, `HTTP ${status}: ${why}`);
    await sleep(1000 * tries);
  }
}

const refusal = z.object({ text: z.string() });

function parse(image: string, said: unknown): RequestAnswer {
  const parsed = answer.safeParse(said);
  if (parsed.success) return parsed.data;
  const why = "is a different version deployed?";
  throw new BuildRefused(image, `the answer has an unknown form (${why}): ${JSON.stringify(said)}`);
}

/** The function that starts builds refused. */
class BuildRefused extends Error {
  override readonly name = "BuildRefused";

  constructor(image: string, reason: string) {
    super(`No build of ${image} was started: ${reason}`);
  }
}
