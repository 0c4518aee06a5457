import { SSMClient } from "@aws-sdk/client-ssm";
import { whetherAnnounced } from "../../adapters/advisories/announcements.ts";
import { readImageState } from "../../adapters/build/image-state.ts";
import { findReasonStates } from "../../adapters/build/reasons.ts";
import { read } from "../../adapters/ledger/reads.ts";
import { announcementDigest, disproveBase, isWatchedBase, refusalToken } from "../../core/build/prove-trigger.ts";
import { reasonTokens } from "../../core/build/reasons.ts";
import type { Image } from "../../core/factory/image-schema.ts";
import type { Trigger } from "../../events/build.ts";
import { readBase } from "../advisories/read-base.ts";
import type { Invocation } from "../invocation.ts";
import { publishNever } from "./publish-ignored.ts";

/**
 * Compares a trigger with its source, because every principal that may put events on the bus can send one. A base must
 * be what its parameter or tag has now; advisories must be recorded by `watch-packages`, the only function that writes
 * them. Triggers that started a build or wait for one were verified when they arrived.
 * @returns why it is rejected, reported once a day; undefined where it is valid
 */
export async function refuseUnproven(
  name: string,
  image: Image,
  trigger: Trigger,
  invocation: Invocation,
): Promise<string | undefined> {
  const reason = await disprove(name, image, trigger, invocation);
  if (reason === undefined || (await isKnown(name, trigger, invocation))) return undefined;
  invocation.log.warn("trigger rejected", { image: name, kind: trigger.kind, reason });
  const token = refusalToken(name, trigger.kind, invocation.now.toISOString().slice(0, 10));
  await publishNever(name, [{ code: "unproven", reason, reasons: [{ token, trigger }] }], invocation);
  return reason;
}

async function disprove(
  name: string,
  image: Image,
  trigger: Trigger,
  invocation: Invocation,
): Promise<string | undefined> {
  switch (trigger.kind) {
    case "base": {
      if (!isWatchedBase(image, trigger)) return `${trigger.name} does not start builds of ${name}`;
      const published = await readBase(invocation.client(SSMClient), trigger.name);
      const { builds } = await readImageState(invocation.ledger, name, ["builds"]);
      return disproveBase(trigger, { published, bases: builds.map(({ base }) => base) });
    }
    case "packages": {
      const announced = await read(invocation.ledger, whetherAnnounced(name, announcementDigest(name, trigger)));
      return announced ? undefined : "watch-packages did not announce these advisories";
    }
    case "schedule":
    case "parent":
    case "manual":
      return undefined;
  }
}

async function isKnown(image: string, trigger: Trigger, { ledger, requestId }: Invocation): Promise<boolean> {
  const states = await findReasonStates(ledger, image, reasonTokens(image, trigger, requestId));
  return states.size > 0 && [...states.values()].every((state) => state === "started" || state === "waiting");
}
