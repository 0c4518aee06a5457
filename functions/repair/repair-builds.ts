import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { releaseImage } from "../../adapters/build/claims.ts";
import { readImage } from "../../adapters/build/image-builder.ts";
import { invokeLater } from "../../adapters/functions.ts";
import { decideOutcome } from "../../core/build/decide-outcome.ts";
import type { Image } from "../../core/factory/image-schema.ts";
import { decideRepair, isActive, type Repair } from "../../core/repair/decide-repair.ts";
import type { Invocation } from "../invocation.ts";
import type { Hour } from "./read-hour.ts";
import { type RepairInvocation, report as reportOf, type States } from "./repair.ts";
import { keepAnnounced } from "./while-announced.ts";

/**
 * Restarts builds and waiting triggers after lost events and crashes, and announces itself for the next hour while
 * anything is left of them. @returns how many
 */
export async function followBuilds(
  hour: Pick<Hour, "states" | "work" | "built">,
  invocation: RepairInvocation,
): Promise<number> {
  const { states, built } = hour;
  if (!built) return 0;
  let open = true;
  try {
    const repaired = await repairBuilds(states, invocation);
    const images = Object.entries(invocation.settings.factory.images);
    open = repaired > 0 || images.some(([name, image]) => isActive(image, states.get(name)));
    return repaired;
  } finally {
    await keepAnnounced("activity", open, hour, invocation);
  }
}

/** @returns how many */
export async function repairBuilds(
  states: States,
  invocation: Invocation<"START_BUILD_FUNCTION" | "RECORD_BUILD_FUNCTION">,
): Promise<number> {
  let repaired = 0;
  for (const [name, image] of Object.entries(invocation.settings.factory.images)) {
    const state = states.get(name);
    if (!state) continue;
    for (const repair of decideRepair(image, { ...state, parent: parentOf(image, states) }, invocation.now)) {
      if (await carryOut(name, repair, invocation)) repaired++;
    }
  }
  return repaired;
}

const parentOf = ({ parent }: Image, states: States) =>
  "image" in parent ? states.get(parent.image)?.channels[parent.channel] : undefined;

/** @returns false where a closer check finds nothing to repair */
async function carryOut(
  image: string,
  repair: Repair,
  invocation: Invocation<"START_BUILD_FUNCTION" | "RECORD_BUILD_FUNCTION">,
): Promise<boolean> {
  const { client, settings, ledger } = invocation;
  const { START_BUILD_FUNCTION: startBuild, RECORD_BUILD_FUNCTION: recordBuild } = settings.env;
  const report = (what: string) => reportOf(invocation, image, what);
  const release = () => invokeLater(client(LambdaClient), startBuild, { trigger: "release", image });
  switch (repair.kind) {
    case "ask-about-build": {
      const { build } = repair;
      const truth = await readImage(client(ImagebuilderClient), build);
      if (decideOutcome(truth).kind === "under-way") return false;
      await invokeLater(client(LambdaClient), recordBuild, { build });
      await report(`the end of ${build} had not been recorded`);
      return true;
    }
    case "finish-claim":
      await release();
      await report("a start that never became a build was resumed");
      return true;
    case "release-claim":
      if (!(await releaseImage(ledger, image, repair.build))) return false;
      await release();
      await report(`the image was still claimed by ${repair.build}, which has ended`);
      return true;
    case "start-waiting":
      await release();
      await report("triggers waited although no build was running");
      return true;
    case "ask-waiting":
      await release();
      return false;
    case "follow-parent": {
      const { kind, ...rest } = repair.trigger;
      await invokeLater(client(LambdaClient), startBuild, { trigger: kind, image, ...rest });
      await report(`the promotion of its parent's build ${rest.parentBuild} had not been followed`);
      return true;
    }
  }
}
