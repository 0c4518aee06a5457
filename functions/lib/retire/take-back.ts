import { removeGone } from "../../../adapters/ledger/leftovers.ts";
import {
  type RetiredBuild,
  type RetiredRegion,
  type Retirement,
  recordRetiredRegion,
  recordRetirement,
} from "../../../adapters/ledger/retirements.ts";
import { artifactOf } from "../artifacts/artifact-of.ts";
import { retirableOf } from "../artifacts/retirable-of.ts";
import type { ArtifactStep } from "../channels/channel-step.ts";
import { shareAgain } from "../channels/give-back.ts";
import { inTurn } from "../repair/in-turn.ts";

/**
 * Takes a retirement back: the build's AMIs are enabled, shared and marked as they were, and promotions and rollbacks
 * take it again. Done twice, or after somebody died over it, it goes on.
 * @param upTo `shared`: they stay deprecated; `deprecated`: that is taken back, too
 * @returns the regions in which something was taken back; undefined where somebody else changed it meanwhile
 */
export async function takeBack(
  { retirement, regions }: RetiredBuild & { readonly retirement: Retirement },
  upTo: "shared" | "deprecated",
  step: ArtifactStep,
): Promise<RetiredRegion[] | undefined> {
  const { ledger } = step;
  const now = step.now.toISOString();
  // Whoever is disabling it at this moment sees that, and undoes what they did.
  const giving: Retirement = { ...retirement, at: now, givingBack: true };
  if (!(await recordRetirement(ledger, giving, retirement))) return undefined;
  const taken = [...regions.values()].filter(
    ({ saved, deprecatedBefore }) => saved || (upTo === "deprecated" && deprecatedBefore),
  );
  await inTurn(
    Object.fromEntries(
      taken.map((one) => [
        `${one.amiId} in ${one.region}`,
        async () => {
          await takeBackIn(one, upTo, step);
          return 1;
        },
      ]),
    ),
  );
  await removeGone(ledger, retirement.build);
  const { givingBack: _, ...back }: Retirement = { ...giving, stage: "deprecated", givenBackAt: now };
  return (await recordRetirement(ledger, back, giving)) ? taken : undefined;
}

async function takeBackIn(one: RetiredRegion, upTo: "shared" | "deprecated", step: ArtifactStep): Promise<void> {
  const { region, amiId, saved, deprecatedBefore } = one;
  const artifact = artifactOf(one, step);
  const state = await artifact.findState();
  if (state !== undefined && saved) {
    if (state === "disabled") await artifact.enable();
    await shareAgain({ region, amiId, ...saved }, step);
  }
  if (state !== undefined && upTo === "deprecated" && deprecatedBefore) {
    const isToCome = deprecatedBefore !== "none" && Date.parse(deprecatedBefore) > step.now.getTime();
    const retirable = retirableOf(one, step);
    if (isToCome) await retirable.deprecateFrom(new Date(deprecatedBefore));
    else if (deprecatedBefore === "none") await retirable.forgetDeprecation();
  }
  const { saved: _, deprecatedBefore: before, done, ...rest } = one;
  const at = step.now.toISOString();
  await recordRetiredRegion(step.ledger, {
    ...rest,
    ...(upTo === "shared" && { deprecatedBefore: before, ...(done && { done: { stage: "deprecated", at } }) }),
  });
}
