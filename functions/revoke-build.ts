import { SFNClient } from "@aws-sdk/client-sfn";
import * as z from "zod";
import { readImageStates } from "../adapters/ledger/image-state.ts";
import { findDescendants } from "../core/plan-revoke.ts";
import { buildArn } from "../events/ids.ts";
import { channelClients } from "./lib/channels/channel-clients.ts";
import { type RevokedBuild, type RevokeStep, revokeBuild } from "./lib/channels/revoke-build.ts";
import { lambda } from "./lib/lambda.ts";

const input = z.object({
  build: buildArn,
  by: z.string().min(1).max(200),
  reason: z.string().min(1).max(500),
  /** Also what was built on it, and on that. */
  descendants: z.boolean().default(false),
});

/** Withdraws a build, and where that is asked for all that descend from it; says which do where it is not. */
export async function revoke({ build, by, reason, descendants }: z.output<typeof input>, step: RevokeStep) {
  const revoked: RevokedBuild[] = [await revokeBuild({ build, by, reason }, step)];
  const states = await readImageStates(step.ledger, Object.keys(step.settings.factory.images));
  const builds = [...states.values()].flatMap((state) => state.builds);
  const children = findDescendants(builds, build).filter(({ status }) => status === "available");
  for (const child of descendants ? children : []) {
    revoked.push(await revokeBuild({ build: child.build, by, reason, because: build }, step));
  }
  return { revoked, spared: descendants ? [] : children.map((child) => child.build) };
}

export const handler = lambda({
  input,
  clients: () => ({ ...channelClients(), promotions: new SFNClient({}) }),
  run: revoke,
});
