import { SSMClient } from "@aws-sdk/client-ssm";
import { readBaseAmi } from "../../adapters/advisories/base-ami.ts";
import { findParentChannel } from "../../core/channel/parents.ts";
import { parentParameter } from "../../core/names.ts";
import type { Proven } from "../../core/share/decide-proof.ts";
import type { AmiId } from "../../events/ids.ts";
import type { Step } from "../step.ts";
import type { ChannelOf } from "./in-all-regions.ts";

/** The parameter that recipes of a channel's children start from in a region; undefined where it has no such children. */
export function parentParameterIn(at: ChannelOf, region: string, { settings }: Pick<Step, "settings">) {
  const { factory } = settings;
  const parent = region === factory.buildRegion ? findParentChannel(factory, at) : undefined;
  return parent && { name: parentParameter(factory.name, at.image, at.channel), root: parent.root };
}

/**
 * What that parameter is to say: what the channel says, or where that points at nothing, the AMI that everything started
 * from. Image Builder may refuse a recipe whose parent cannot be found, so the parameter always names an AMI.
 */
export async function parentParameterValue(
  at: ChannelOf,
  { region, artifact }: { readonly region: string; readonly artifact: Proven | undefined },
  step: Pick<Step, "settings" | "client">,
): Promise<{ readonly name: string; readonly value: Proven } | undefined> {
  const parent = parentParameterIn(at, region, step);
  if (!parent) return undefined;
  if (artifact) return { name: parent.name, value: artifact };
  const root = await readBaseAmi(step.client(SSMClient, region), parent.root);
  if (!root) throw new NoRootAmi(parent.root);
  // AWS's own public parameter names it: that is the proof.
  return { name: parent.name, value: root as Proven<AmiId> };
}

/** A public parameter that AMIs of the factory start from is gone, or names no AMI. */
class NoRootAmi extends Error {
  override readonly name = "NoRootAmi";

  constructor(parameter: string) {
    super(`${parameter} names no AMI.`);
  }
}
