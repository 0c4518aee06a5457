import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { RAMClient } from "@aws-sdk/client-ram";
import { SFNClient } from "@aws-sdk/client-sfn";
import * as z from "zod";
import { invokeLater } from "../adapters/functions.ts";
import { readImageStates } from "../adapters/ledger/image-state.ts";
import { listDrift } from "../adapters/ledger/told-drift.ts";
import { followApprovals } from "./lib/approvals/follow-approvals.ts";
import { channelClients } from "./lib/channels/channel-clients.ts";
import { makeClient } from "./lib/clients.ts";
import { lambda } from "./lib/lambda.ts";
import { catchUp } from "./lib/repair/catch-up.ts";
import { goOnWithdrawing } from "./lib/repair/go-on-withdrawing.ts";
import { inTurn } from "./lib/repair/in-turn.ts";
import { measureImages } from "./lib/repair/measure-images.ts";
import { repairBuilds } from "./lib/repair/repair-builds.ts";
import { repairParameterShares } from "./lib/repair/repair-parameter-shares.ts";
import { repairParameters } from "./lib/repair/repair-parameters.ts";
import { repairRepositories } from "./lib/repair/repair-repositories.ts";
import { repairShares } from "./lib/repair/repair-shares.ts";
import { type RepairStep, repairEnv } from "./lib/repair/repair-step.ts";
import { takeBackEnded } from "./lib/repair/take-back-ended.ts";
import { perRegion } from "./lib/step.ts";
import { tellEndingWaivers } from "./lib/tell-ending-waivers.ts";
import { tellUsage } from "./lib/usage/tell-usage.ts";

export const handler = lambda({
  input: z.object({ scheduledTime: z.iso.datetime() }),
  env: repairEnv,
  clients: () => ({
    ...channelClients(),
    ram: perRegion((region) => makeClient(RAMClient, { region })),
    functions: makeClient(LambdaClient, {}),
    imageBuilder: makeClient(ImagebuilderClient, {}),
    promotions: makeClient(SFNClient, {}),
  }),
  run: (_event, step) => reconcile(step),
});

/** Sets going again what lost events, crashes and hands left standing. The functions that do the work stay the only ones. */
async function reconcile(step: RepairStep): Promise<{ repaired: number }> {
  const { ledger, clients, settings } = step;
  const states = await readImageStates(ledger, Object.keys(settings.factory.images));
  measureImages(states, step);
  const told = await listDrift(ledger);
  const repaired = await inTurn({
    waivers: () => tellEndingWaivers(step).then(() => 0),
    approvals: () =>
      followApprovals(step, ({ build, channel }) =>
        invokeLater(clients.functions, settings.env.RESOLVE_APPROVAL_FUNCTION, { build, channel, repair: true }),
      ),
    builds: () => repairBuilds(states, step),
    usage: () => tellUsage(step).then(() => 0),
    withdrawals: () => goOnWithdrawing(step),
    promotions: () => takeBackEnded(states, step),
    regions: () => catchUp(states, step),
    parameters: () => repairParameters(states, told, step),
    shares: () => repairShares(states, told, step),
    repositories: () => repairRepositories(states, told, step),
    parameterShares: () => repairParameterShares(states, told, step),
  });
  return { repaired };
}
