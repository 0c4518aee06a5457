import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { LambdaClient } from "@aws-sdk/client-lambda";
import * as z from "zod";
import { putEvent } from "../adapters/bus.ts";
import { invokeLater } from "../adapters/functions.ts";
import { readImage } from "../adapters/image-builder.ts";
import { releaseImage } from "../adapters/ledger/activity.ts";
import { type ImageState, readImageStates } from "../adapters/ledger/image-state.ts";
import { decideOutcome } from "../core/decide-outcome.ts";
import { decideRepair, type Repair } from "../core/decide-repair.ts";
import type { Image } from "../core/factory/image-schema.ts";
import { driftRepaired } from "../events/drift-repaired.ts";
import { followApprovals } from "./lib/approvals/follow-approvals.ts";
import { lambda } from "./lib/lambda.ts";
import type { Step } from "./lib/step.ts";
import { tellEndingWaivers } from "./lib/tell-ending-waivers.ts";

const env = ["START_BUILD_FUNCTION", "RECORD_BUILD_FUNCTION", "RESOLVE_APPROVAL_FUNCTION"] as const;
const clients = () => ({ functions: new LambdaClient({}), imageBuilder: new ImagebuilderClient({}) });
type ReconcileStep = Step<(typeof env)[number], ReturnType<typeof clients>>;

export const handler = lambda({
  input: z.object({ scheduledTime: z.iso.datetime() }),
  env,
  clients,
  run: (_event, step) => reconcile(step),
});

/** Sets going again what lost events and crashes left standing. The functions that do the work stay the only ones. */
export async function reconcile(step: ReconcileStep): Promise<{ repaired: number }> {
  await tellEndingWaivers(step);
  const { images } = step.settings.factory;
  const states = await readImageStates(step.ledger, Object.keys(images));
  let repaired = await followApprovals(step, ({ build, channel }) =>
    invokeLater(step.clients.functions, step.settings.env.RESOLVE_APPROVAL_FUNCTION, { build, channel, repair: true }),
  );
  for (const [name, image] of Object.entries(images)) {
    const state = states.get(name);
    if (!state) continue;
    for (const repair of decideRepair(image, { ...state, parent: parentOf(image, states) }, step.now)) {
      if (await carryOut(name, repair, step)) repaired++;
    }
  }
  return { repaired };
}

const parentOf = ({ parent }: Image, states: ReadonlyMap<string, ImageState>) =>
  "image" in parent ? states.get(parent.image)?.channels[parent.channel] : undefined;

/** @returns false where a closer look shows nothing to repair */
async function carryOut(image: string, repair: Repair, step: ReconcileStep): Promise<boolean> {
  const { clients, settings, ledger } = step;
  const { START_BUILD_FUNCTION: startBuild, RECORD_BUILD_FUNCTION: recordBuild } = settings.env;
  const report = (what: string) => putEvent(step.bus, driftRepaired, { image, repair: what });
  const release = () => invokeLater(clients.functions, startBuild, { trigger: "release", image });
  switch (repair.kind) {
    case "ask-about-build": {
      const { build } = repair;
      const truth = await readImage(clients.imageBuilder, build);
      if (decideOutcome(truth).kind === "under-way") return false;
      await invokeLater(clients.functions, recordBuild, { build });
      await report(`the end of ${build} had not been recorded`);
      return true;
    }
    case "finish-claim":
      await release();
      await report("a start that never became a build was gone on with");
      return true;
    case "release-claim":
      if (!(await releaseImage(ledger, image, repair.build))) return false;
      await release();
      await report(`the image was still taken by ${repair.build}, which has ended`);
      return true;
    case "start-waiting":
      await release();
      await report("reasons waited although nothing was being built");
      return true;
    case "ask-waiting":
      await release();
      return false;
    case "follow-parent": {
      const { kind, ...rest } = repair.trigger;
      await invokeLater(clients.functions, startBuild, { trigger: kind, image, ...rest });
      await report(`the promotion of its parent's build ${rest.parentBuild} had not been followed`);
      return true;
    }
  }
}
