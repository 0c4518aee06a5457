import { SSMClient } from "@aws-sdk/client-ssm";
import { readBaseAmi } from "../../adapters/advisories/base-ami.ts";
import { findParentChannel } from "../../core/channel/parents.ts";
import { parentParameter } from "../../core/names.ts";
import type { Proven } from "../../core/share/decide-proof.ts";
import type { AmiId } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import type { ChannelOf } from "./in-all-regions.ts";

/**
 * The parameter that the recipes of a channel's child images use as their parent image in a region; undefined without
 * such children.
 */
export function parentParameterIn(at: ChannelOf, region: string, { settings }: Pick<Invocation, "settings">) {
  const { factory } = settings;
  const parent = region === factory.buildRegion ? findParentChannel(factory, at) : undefined;
  return parent && { name: parentParameter(factory.name, at.image, at.channel), root: parent.root };
}

/**
 * That parameter's value: the channel's AMI or, while the channel is empty, the AMI at the root of the chain. Image
 * Builder may reject a recipe whose parent does not exist, so the parameter always has an AMI.
 */
export async function parentParameterValue(
  at: ChannelOf,
  { region, artifact }: { readonly region: string; readonly artifact: Proven | undefined },
  invocation: Pick<Invocation, "settings" | "client">,
): Promise<{ readonly name: string; readonly value: Proven } | undefined> {
  const parent = parentParameterIn(at, region, invocation);
  if (!parent) return undefined;
  if (artifact) return { name: parent.name, value: artifact };
  const root = await readBaseAmi(invocation.client(SSMClient, region), parent.root);
  if (!root) throw new NoRootAmi(parent.root);
  // Proof: it comes from AWS's own public parameter.
  return { name: parent.name, value: root as Proven<AmiId> };
}

/** A public parameter with the factory's root AMI is missing or has no AMI. */
class NoRootAmi extends Error {
  override readonly name = "NoRootAmi";

  constructor(parameter: string) {
    super(`The public parameter ${parameter} has no AMI id; expected a value such as ami-0123abcd.`);
  }
}
