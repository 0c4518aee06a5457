import { rolledOutChannels } from "../../core/rollout/rolled-out.ts";
import { evidence } from "../evidence/evidence.ts";
import { actInRollouts } from "../organization/consumers.ts";
import { factory } from "../program/given.ts";
import { arnOf, resourceName } from "../resources/deployment.ts";
import { keyArn } from "../resources/keys.ts";
import { asyncFunction } from "../resources/lambda-function.ts";

/** Undefined where no channel has roll-outs. */
export const watchExposure =
  factory.consumers && rolledOutChannels(factory).length > 0
    ? asyncFunction("rollout/watch-exposure", {
        // Hundreds of accounts are asked, at Auto Scaling's and EC2's pace.
        timeoutSeconds: 900,
        ledger: ["GetItem", "Query", "PutItem", "DeleteItem"],
        grants: [
          actInRollouts,
          // By its name: its ARN is not known before it is made.
          {
            actions: ["lambda:InvokeFunction"],
            resources: [arnOf("lambda", `function:${resourceName("watch-exposure")}`)],
          },
          { actions: ["s3:GetObject"], resources: [$interpolate`${evidence.arn}/evidence/*`] },
          // Without it S3 answers 403 for an object that is not there, as of a build whose evidence was removed.
          { actions: ["s3:ListBucket"], resources: [evidence.arn] },
          { actions: ["kms:Decrypt"], resources: [keyArn()] },
        ],
        invokesItself: true,
        environment: { EVIDENCE_BUCKET: evidence.bucket, WATCH_EXPOSURE_FUNCTION: resourceName("watch-exposure") },
      })
    : undefined;
