import { SSMClient } from "@aws-sdk/client-ssm";
import * as z from "zod";
import { readImageState } from "../../adapters/build/image-state.ts";
import { findReasonStates } from "../../adapters/build/reasons.ts";
import { putEvent } from "../../adapters/bus.ts";
import { decideBase, readReleaseNotice, watchedBases } from "../../core/advisories/bases.ts";
import { reasonTokens } from "../../core/build/reasons.ts";
import { baseUpdated } from "../../events/advisories.ts";
import { forEachImage } from "../in-turn.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { readBase } from "./read-base.ts";

/** SNS's event for a function (Lambda developer guide, "Invoking Lambda functions with Amazon SNS notifications"). */
const announcement = z.object({
  Records: z.array(z.object({ Sns: z.object({ TopicArn: z.string(), Message: z.string() }) })).min(1),
});

const input = z.union([announcement, z.strictObject({ scheduledTime: z.iso.datetime().optional() })]);

/** Publishes which images have a new base; repeated until a build has it or waits for it. */
export async function watchBases(event: z.output<typeof input>, invocation: Invocation) {
  if ("Records" in event) logAnnouncements(event, invocation);
  const updated = await forEachImage(watchedBases(invocation.settings.factory), (watched) =>
    compareBase(watched, invocation),
  );
  return { updated };
}

async function compareBase({ image, name }: { image: string; name: string }, invocation: Invocation) {
  const published = await readBase(invocation.client(SSMClient), name);
  if (!published) throw new NoBaseAmi(image, name);
  const { builds } = await readImageState(invocation.ledger, image, ["builds"]);
  const trigger = decideBase(name, published, builds);
  if (!trigger) return false;
  const states = await findReasonStates(invocation.ledger, image, reasonTokens(image, trigger, invocation.requestId));
  if (![...states.values()].includes("unknown")) return false;
  const { kind: _, ...detail } = trigger;
  await putEvent(invocation.bus, baseUpdated, { image, ...detail });
  return true;
}

/** The content is only logged: the parameters are read in any case. */
function logAnnouncements({ Records }: z.output<typeof announcement>, { log }: Invocation): void {
  for (const { Sns } of Records) {
    const release = readReleaseNotice(Sns.Message);
    if (release) log.info("release announced", { topic: Sns.TopicArn, release });
    else log.warn("message with an unknown format", { topic: Sns.TopicArn, begins: Sns.Message.slice(0, 200) });
  }
}

/** A parent's parameter without an AMI id; builds would fail, too. */
class NoBaseAmi extends Error {
  override readonly name = "NoBaseAmi";

  constructor(image: string, parameter: string) {
    super(`The parameter ${parameter}, the parent of ${image}, has no AMI id; expected a value such as ami-0123abcd.`);
  }
}

export const handler = lambda({ input, run: watchBases });
