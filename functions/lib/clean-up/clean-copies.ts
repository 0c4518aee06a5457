import { deleteImageResource } from "../../../adapters/image-resources.ts";
import { isRemoved, recordRemoval } from "../../../adapters/ledger/leftovers.ts";
import { type BuildArn, isContainerImageId } from "../../../events/ids.ts";
import { inTurn } from "../repair/in-turn.ts";
import type { CleanUpStep } from "./clean-up-step.ts";
import type { BuildOrigin } from "./read-origins.ts";

/**
 * Deletes the image resources that distributions of leftover builds made, failed ones among them; Image Builder keeps
 * them for ever, and they count against its quota.
 * @returns how many
 */
export function cleanCopies(origins: readonly BuildOrigin[], step: CleanUpStep): Promise<number> {
  const keepMs = step.settings.factory.leftovers.keep * 1000;
  const due = origins.filter(
    ({ leftover, amiId }) =>
      leftover &&
      Date.parse(leftover.since) + keepMs <= step.now.getTime() &&
      // Image Builder brings a container image to its regions as part of its build: there is no other resource.
      !(amiId && isContainerImageId(amiId)),
  );
  const copies = due.flatMap((origin) =>
    origin.copies.map(({ copy }) => [copy, () => cleanCopy(origin, copy, step)] as const),
  );
  return inTurn(Object.fromEntries(copies));
}

async function cleanCopy({ image, build, leftover }: BuildOrigin, copy: BuildArn, step: CleanUpStep): Promise<number> {
  const { ledger, clients, settings, now } = step;
  const thing = { kind: "image-resource" as const, region: settings.place.region, id: copy };
  if (await isRemoved(ledger, thing)) return 0;
  await deleteImageResource(clients.imageBuilder, copy);
  await recordRemoval(ledger, { ...thing, image, build, why: leftover?.why ?? "nobody will use it" }, now);
  return 1;
}
