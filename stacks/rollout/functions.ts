import { rolloutName } from "../../core/names.ts";
import { rolledOutChannels } from "../../core/rollout/opening.ts";
import { prove } from "../channel/functions.ts";
import { mirrorChannel } from "../channel/publish.ts";
import { actInRollouts } from "../organization/consumers.ts";
import { factory } from "../program/factory.ts";
import { arnOf } from "../resources/deployment.ts";
import type { Grant } from "../resources/grant.ts";
import { asyncFunction, syncFunction } from "../resources/lambda-function.ts";

/** By name, because its functions are created first. */
const machine = arnOf("states", `stateMachine:${rolloutName(factory.name)}`);

const continueTurns: Grant = { actions: ["states:StartExecution"], resources: [machine] };
const takeTurns: Grant = { actions: ["states:StartExecution", "states:ListExecutions"], resources: [machine] };

/** Undefined if no channel has roll-outs. */
export const rollingOut = rolledOutChannels(factory).length > 0 ? makeFunctions() : undefined;

function makeFunctions() {
  const environment = { ROLLOUT_ARN: machine };
  return {
    /** Runs turns; the only function that changes consumers' groups. */
    rollOut: asyncFunction("rollout/roll-out", {
      timeoutSeconds: 900,
      memoryMb: 1024,
      ledger: ["GetItem", "BatchGetItem", "Query", "PutItem"],
      putsEvents: true,
      grants: [
        actInRollouts,
        ...prove,
        continueTurns,
        { actions: ["lambda:InvokeFunction"], resources: [mirrorChannel.arn] },
      ],
      environment: { ...environment, MIRROR_CHANNEL_FUNCTION: mirrorChannel.name },
    }),
    startRollOut: asyncFunction("rollout/start-roll-out", {
      timeoutSeconds: 60,
      ledger: ["GetItem", "Query", "PutItem"],
      grants: [takeTurns],
      environment,
    }),
    /** Called by `amint rollout`, and from Slack. */
    steerRollOut: syncFunction("rollout/steer-roll-out", {
      timeoutSeconds: 60,
      ledger: ["GetItem", "PutItem"],
      grants: [continueTurns],
      environment,
    }),
  };
}
