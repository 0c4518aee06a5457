import { rolledOutChannels } from "../../core/rollout/rolled-out.ts";
import { evidence } from "../evidence/evidence.ts";
import { actInRollouts } from "../organization/consumers.ts";
import { factory } from "../program/given.ts";
import { arnOf, resourceName } from "../resources/deployment.ts";
import { keyArn } from "../resources/keys.ts";
import { asyncFunction } from "../resources/lambda-function.ts";

/** Undefined if no channel has roll-outs. */
export const watchExposure =
  factory.consumers && rolledOutChannels(factory).length > 0
    ? asyncFunction("rollout/watch-exposure", {
        // Reads hundreds of accounts, at Auto Scaling's and EC2's request rates.
        timeoutSeconds: 900,
        ledger: ["GetItem", "Query", "PutItem", "DeleteItem"],
        grants: [
          actInRollouts,
          // By name, because its ARN is unknown before it is created.
          {
            actions: ["lambda:InvokeFunction"],
            resources: [arnOf("lambda", `function:${resourceName("watch-exposure")}`)],
          },
          { actions: ["s3:GetObject"], resources: [$interpolate`${evidence.arn}/evidence/*`] },
          // Without it S3 returns 403 for a missing object, such as a build's deleted evidence.
          { actions: ["s3:ListBucket"], resources: [evidence.arn] },
          { actions: ["kms:Decrypt"], resources: [keyArn()] },
        ],
        invokesItself: true,
        environment: { EVIDENCE_BUCKET: evidence.bucket, WATCH_EXPOSURE_FUNCTION: resourceName("watch-exposure") },
      })
    : undefined;
